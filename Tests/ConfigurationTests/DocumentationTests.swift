import Configuration
import Foundation
import Testing

@Suite("Sample file and documentation")
struct DocumentationTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private static let allNames = Set(SettingName.allCases.map(\.rawValue))

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// What the sample sets; the rest of its lines are commented out.
    private static let active = ["POSTGRES_HOST": "/var/run/postgresql"]

    /// The `NAME=value` and `#NAME=value` lines of the sample.
    private static func sampleLines() throws -> [(name: String, line: String)] {
        try text("etc/recyclicd.env").split(separator: "\n").compactMap { line in
            guard let match = line.wholeMatch(of: /#?(([A-Z][A-Z0-9_]*)=.*)/) else { return nil }
            return (String(match.2), String(match.1))
        }
    }

    @Test("The sample file as it is sets the socket of Debian's server, nothing else, and has no finding")
    func sampleAsItIs() throws {
        let result = load(try Self.text("etc/recyclicd.env"))
        #expect(result.findings == [])
        let set = result.effective.filter { $0.origin.description.hasPrefix("/f") }
        #expect(Dictionary(uniqueKeysWithValues: set.map { ($0.name.rawValue, $0.display) }) == Self.active)
    }

    @Test("The sample file has every name once and no other")
    func sampleNames() throws {
        let names = try Self.sampleLines().map(\.name)
        #expect(names.sorted() == Self.allNames.sorted())
    }

    @Test("Uncommented, the lines of the sample file that it does not set give the same settings as the defaults")
    func sampleDefaults() throws {
        let lines = try Self.sampleLines().filter { Self.active[$0.name] == nil }.map(\.line)
        let result = load(lines.joined(separator: "\n"))
        #expect(result.errors == [])
        let chosen = result.effective.map(\.display)
        #expect(chosen == load("").effective.map(\.display))
    }

    @Test("Every name in the documents exists", arguments: ["etc/recyclicd.env", "docs/configuration.md"])
    func mentionedNames(path: String) throws {
        let others: Set<String> = ["CREDENTIALS_DIRECTORY"]
        for match in try Self.text(path).matches(of: /[A-Z]+(?:_[A-Z0-9]+)+/) {
            let name = String(match.0)
            #expect(Self.allNames.contains(name) || others.contains(name), "\(path) mentions \(name)")
        }
    }

    @Test(
        "The documentation has a row for every name with its default, its unit and what is not there yet",
        arguments: SettingName.allCases
    )
    func row(name: SettingName) throws {
        let rows = try Self.text("docs/configuration.md").split(separator: "\n").filter {
            $0.hasPrefix("| `\(name.rawValue)` |")
        }
        #expect(rows.count == 1)
        let cells = (rows.first ?? "").split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        let definition = name.definition
        try #require(cells.count == 4)
        if let value = definition.defaultValue { #expect(cells[1] == "`\(value)`") }
        if let unit = definition.unit { #expect(cells[2].contains(unit)) }
        if definition.isSecret { #expect(cells[2].contains("secret")) }
        if case .integer(let range) = definition.kind, range.upperBound < 1 << 40 {
            let bounds = cells[2].contains("\(range.upperBound)") || cells[2].contains("POSTGRES_POOL_MAX")
            #expect(bounds && cells[2].contains("\(range.lowerBound) to"))
        }
        if case .choice(let words) = definition.kind { #expect(words.allSatisfy { cells[2].contains("`\($0)`") }) }
    }

    @Test("Every default is accepted by its own rules")
    func defaultsAreAccepted() {
        for name in SettingName.allCases {
            guard let value = name.definition.defaultValue else { continue }
            #expect(load("\(name.rawValue)='\(value)'").findings == [], "\(name.rawValue)")
        }
    }
}
