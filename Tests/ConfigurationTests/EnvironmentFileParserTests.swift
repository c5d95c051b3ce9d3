import TestSupport
import Testing

@testable import Configuration

@Suite("Environment file")
struct EnvironmentFileParserTests {
    struct Line: CustomTestStringConvertible {
        let text: String
        let name: String?
        let value: String
        /// Parts of the findings expected, in order: severity, line and a piece of the message.
        let findings: [(ConfigurationFinding.Severity, Int, String)]
        var testDescription: String { text.debugDescription }

        init(
            _ text: String,
            _ name: String?,
            _ value: String = "",
            _ findings: (ConfigurationFinding.Severity, Int, String)...
        ) {
            self.text = text
            self.name = name
            self.value = value
            self.findings = findings
        }
    }

    static let lines: [Line] = [
        // Plain.
        Line("A=b", "A", "b"),
        Line("A=b\n", "A", "b"),
        Line("  \t A=b", "A", "b"),
        Line("A=", "A", ""),
        Line("A=   ", "A", ""),
        Line("A=  b  \t", "A", "b"),
        Line("A=b=c", "A", "b=c"),
        Line("A=é", "A", "é"),
        Line("_a9=x", "_a9", "x"),
        Line("A=#b", "A", "#b"),
        Line("A=b#c", "A", "b#c"),
        Line("A=postgresql://u:p@h/d?x=1&y=2", "A", "postgresql://u:p@h/d?x=1&y=2"),
        // Comments.
        Line("# A=b", nil),
        Line("; A=b", nil),
        Line("   # A=b", nil),
        Line("# ends so \\\nA=b", "A", "b", (.warning, 1, "ends in a backslash")),
        Line("A=b # c", "A", "b # c", (.warning, 1, "part of the value")),
        Line("A= # c", "A", "# c", (.warning, 1, "part of the value")),
        // Quotes.
        Line(#"A="b c""#, "A", "b c"),
        Line("A='b c'", "A", "b c"),
        Line("A='  b '  ", "A", "  b "),
        Line(#"A="""#, "A", ""),
        Line(#"A="a\"b\\c\$d\`e""#, "A", #"a"b\c$d`e"#),
        Line(#"A='a\"b$c`d'"#, "A", #"a\"b$c`d"#),
        Line(#"A="a\nb""#, "A", #"a\nb"#, (.warning, 1, "backslash before a letter")),
        Line("A=\"a\\\nb\"", "A", "ab"),
        Line("A=\"a\nb\"", "A", "a\nb"),
        Line("A='a\nb'\n", "A", "a\nb"),
        Line(#"A="a"b"#, "A", "ab", (.warning, 1, "after the closing quote")),
        Line(#"A="a" # b"#, "A", "a# b", (.warning, 1, " #"), (.warning, 1, "after the closing quote")),
        Line(#"A="a"'b'"#, "A", "ab"),
        Line(#"A=it's"#, "A", "it's", (.warning, 1, "quote after its first character")),
        Line("A=\"b\nC=d", "A", "b\nC=d", (.error, 1, "never closed")),
        Line("A='b", "A", "b", (.error, 1, "never closed")),
        Line(
            "A=\"b\nC=\"d\nE=f\"",
            "A",
            "b\nC=d",
            (.warning, 1, "after the closing quote"),
            (.warning, 2, "part of the value of \"A\""),
            (.warning, 3, "quote after its first character")
        ),
        // Backslashes.
        Line("A=a\\\nb", "A", "ab"),
        Line("A=a \\\n  b", "A", "a   b", (.warning, 1, "white space without quotes")),
        Line(#"A=a\\b"#, "A", #"a\b"#, (.warning, 1, "backslash")),
        Line(#"A=a\ "#, "A", "a ", (.warning, 1, "backslash")),
        Line(#"A=a\"#, "A", "a", (.warning, 1, "backslash")),
        Line("A=C:\\\nB=c", "A", "C:B=c", (.warning, 2, "part of the value of \"A\"")),
        // What shells and Compose do otherwise.
        Line("A=$B", "A", "$B", (.warning, 1, #"holds "$""#)),
        Line("A=\"${B}\"", "A", "${B}", (.warning, 1, #"holds "$""#)),
        Line("A='${B}'", "A", "${B}"),
        Line("A=`date`", "A", "`date`", (.warning, 1, "backtick")),
        Line("A=b c", "A", "b c", (.warning, 1, "white space without quotes")),
        Line("export A=b", "A", "b", (.warning, 1, "\"export\" before \"A\"")),
        Line("export\tA='b c'", "A", "b c", (.warning, 1, "\"export\" before \"A\"")),
        Line("export=b", "export", "b"),
        Line("A =b", "A", "b", (.warning, 1, "white space between \"A\" and \"=\"")),
        // Mistakes.
        Line("A", nil, "", (.error, 1, "no \"=\"")),
        Line("\n\nA b", nil, "", (.error, 3, "no \"=\"")),
        Line("=b", nil, "", (.error, 1, "not a name")),
        Line("1A=b", nil, "", (.error, 1, "not a name")),
        Line("A-B=b", nil, "", (.error, 1, "not a name")),
        Line("A B=b", nil, "", (.error, 1, "not a name")),
        Line("export A B=b", nil, "", (.error, 1, "not a name")),
        Line("é=b", nil, "", (.error, 1, "not a name")),
        Line("A=b\0c", nil, "", (.error, 1, "NUL")),
        Line("#\0", nil, "", (.error, 1, "NUL")),
        // Marks and line ends.
        Line("\u{FEFF}A=b", "A", "b", (.warning, 1, "byte order mark")),
        Line("#\n\u{FEFF}A=b", "A", "b", (.warning, 2, "byte order mark")),
        Line("#\r\nA=b\r\n", "A", "b", (.warning, 1, "carriage returns")),
        Line("A=b\r", "A", "b", (.warning, 1, "1 in all")),
        Line("A='b'\r\r\n", "A", "b", (.warning, 1, "carriage returns")),
        Line("#a\rA=b", "A", "b", (.warning, 1, "carriage returns")),
    ]

    @Test("A line has a defined value and findings with their line", arguments: lines)
    func line(_ line: Line) {
        let file = EnvironmentFileParser.parse(Array(line.text.utf8), path: "/f")
        #expect(file.assignments.first?.name == line.name)
        #expect((file.assignments.first?.value ?? "") == line.value)
        let findings = file.remarks.map(\.finding)
        #expect(findings.count == line.findings.count, "\(findings.map(\.summary))")
        for (found, expected) in zip(findings, line.findings) {
            #expect(found.file == "/f")
            #expect(found.severity == expected.0)
            #expect(found.line == expected.1)
            #expect(found.message.contains(expected.2), "\(found.message)")
            #expect(!found.hint.isEmpty)
        }
    }

    @Test("Lines are counted through comments, continuations and quoted lines")
    func lineNumbers() {
        let text = "# c\n\nA=1\nB=\"x\ny\"\nC=a\\\nb\nD=4\r\nE=5\n"
        let file = EnvironmentFileParser.parse(Array(text.utf8), path: "/f")
        #expect(file.assignments.map(\.name) == ["A", "B", "C", "D", "E"])
        #expect(file.assignments.map(\.line) == [3, 4, 6, 8, 9])
    }

    @Test("Of duplicates all are returned in order and the later is a warning that names the earlier line")
    func duplicates() {
        let file = EnvironmentFileParser.parse(Array("A=1\nB=2\nA=3\n".utf8), path: "/f")
        #expect(file.assignments.map(\.value) == ["1", "2", "3"])
        #expect(file.remarks.map(\.name) == ["A"])
        #expect(file.remarks.first?.finding.line == 3)
        #expect(file.remarks.first?.finding.message.contains("line 1") == true)
    }

    @Test("Invalid UTF-8 is an error in a value, a warning in a comment, and hides nothing after it")
    func invalidText() {
        let bytes: [UInt8] = Array("# caf".utf8) + [0xE9] + Array("\nA=".utf8) + [0xE9] + Array("\nB=c\n".utf8)
        let file = EnvironmentFileParser.parse(bytes, path: "/f")
        #expect(file.assignments.map(\.name) == ["B"])
        #expect(file.remarks.map(\.finding.severity) == [.warning, .error])
        #expect(file.remarks.map(\.finding.line) == [1, 2])
    }

    @Test("UTF-16 is one error, not one for each line", arguments: [[0xFF, 0xFE], [0xFE, 0xFF]] as [[UInt8]])
    func utf16(_ mark: [UInt8]) {
        let file = EnvironmentFileParser.parse(mark + [0x41, 0, 0x3D, 0, 0x0A, 0], path: "/f")
        #expect(file.assignments.isEmpty)
        #expect(file.remarks.map(\.finding.message) == ["the file is in UTF-16"])
    }

    @Test("No finding quotes a value")
    func noValueInFindings() {
        let text = "A=se$cret `x` # y\nA=\"se\\ncret\"x\nexport A=secret'\nsecret\nA='secret"
        for remark in EnvironmentFileParser.parse(Array(text.utf8), path: "/f").remarks {
            #expect(!remark.finding.message.contains("cret") && !remark.finding.hint.contains("cret"))
        }
    }

    @Test("Any bytes are read without a trap, and every line number lies inside the file")
    func fuzz() {
        var random = SeededGenerator(seed: 7)
        let pieces: [[UInt8]] = [
            Array("A".utf8), Array("=".utf8), Array("\n".utf8), Array("\r".utf8), Array("\\".utf8), Array("'".utf8),
            Array("\"".utf8), Array("#".utf8), Array(" ".utf8), Array("export ".utf8), Array("$".utf8), [0], [0xFF],
            [0xEF, 0xBB, 0xBF], [0xC3], Array("POSTGRES_HOST=".utf8), Array(";".utf8), Array("`".utf8),
        ]
        for _ in 0..<3000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0...24, using: &random) {
                bytes += pieces.randomElement(using: &random) ?? []
            }
            let lines = 1 + bytes.count { $0 == 10 || $0 == 13 }
            let file = EnvironmentFileParser.parse(bytes, path: "/f")
            for line in file.assignments.map(\.line) + file.remarks.compactMap(\.finding.line) {
                #expect((1...lines).contains(line))
            }
        }
    }
}
