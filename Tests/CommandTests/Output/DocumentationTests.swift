import ArgumentParser
import ControlAPI
import Foundation
import State
import Testing
import Varlink

@testable import recyclicctl

/// What the documents say of commands and events is what there is.
@Suite
struct DocumentationTests {
    private static func document(_ name: String) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: "docs/\(name)"), encoding: .utf8)
    }

    @Test
    func `every kind of event is told`() throws {
        let text = try Self.document("monitoring.md")
        for kind in EventKind.allCases where !text.contains("`\(kind.rawValue)`") {
            Issue.record("docs/monitoring.md says nothing of \(kind.rawValue)")
        }
    }

    @Test
    func `every command is told`() throws {
        let text = try Self.document("commands.md")
        for command in Recyclicctl.configuration.subcommands {
            let name = command.configuration.commandName ?? "?"
            #expect(text.contains("| `\(name)"), "docs/commands.md says nothing of \(name)")
        }
    }

    @Test
    func `the fields of the shapes are those of the interface`() throws {
        let text = try Self.document("commands.md")
        let interface = try InterfaceDescription(parsing: ControlInterface.description)
        for name in [
            "Reason", "Exposure", "Backup", "Job", "VerifyReport", "DrillReport", "Event", "HistoryBucket", "Report",
            "Alert", "Silence", "AlertRecipient", "Delivery",
            "ReceptionStats", "ReceptionIndex",
        ] {
            let row = try #require(text.split(separator: "\n").first { $0.hasPrefix("| `\(name)` |") }, "\(name)")
            guard case .type(.structure(let fields)) = interface.member(name)?.kind else {
                Issue.record("\(name) is no type of the interface")
                continue
            }
            for field in fields where !row.contains("`\(field.name)`") {
                Issue.record("docs/commands.md leaves out \(name).\(field.name)")
            }
        }
    }
}
