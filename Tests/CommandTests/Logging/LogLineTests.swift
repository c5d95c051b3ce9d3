import Foundation
import Logging
import Testing
import Varlink

@testable import recyclicd

@Suite
struct LogLineTests {
    private static let line = LogLine(
        time: Date(timeIntervalSince1970: 1_800_000_000),
        level: .warning,
        message: "two\nlines",
        fields: [("error", "a \"b\""), ("event", "clockJumped"), ("job", "j1")]
    )

    @Test
    func `a readable line is one line with its fields, and leaves the event out`() {
        #expect(Self.line.text == #"2027-01-15T08:00:00Z warning two\nlines error="a \"b\"" job=j1"#)
    }

    @Test
    func `nothing in a message begins another line or drives a terminal`() {
        let text = LogLine.plain("a\r\nb\u{1b}[2J", [("error", "c\u{2028}d\te é")])
        #expect(text == #"a\r\nb\u{1b}[2J error="c\u{2028}d\te é""#)
    }

    @Test
    func `a JSON line is one object with everything`() throws {
        #expect(!Self.line.json.contains("\n"))
        let object = try JSONValue(parsing: Self.line.json)
        #expect(object["time"]?.stringValue == "2027-01-15T08:00:00Z")
        #expect(object["level"]?.stringValue == "warning")
        #expect(object["message"]?.stringValue == "two\nlines")
        #expect(object["event"]?.stringValue == "clockJumped")
        #expect(object["error"]?.stringValue == "a \"b\"")
    }
}
