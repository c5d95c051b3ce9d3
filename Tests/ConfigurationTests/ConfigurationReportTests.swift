import Configuration
import Foundation
import Testing

@Suite("check-config output")
struct ConfigurationReportTests {
    @Test("The table has every name, wraps long values and ends in a verdict")
    func text() {
        let host = "/srv/" + String(repeating: "0123456789", count: 12)
        let report = ConfigurationReport(load("POSTGRES_HOST=\(host)\nBACKUP_TIEM=2\nPOSTGRES_PASSWORD=x\n"))
        let text = report.text(width: 100)
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines.first?.hasPrefix("NAME") == true)
        for name in SettingName.allCases { #expect(lines.contains { $0.hasPrefix(name.rawValue + " ") }) }
        #expect(lines.allSatisfy { $0.count <= 100 || $0.contains(": warning: ") || $0.hasPrefix("    Did") })
        let start = lines.firstIndex { $0.hasPrefix("POSTGRES_HOST") } ?? 0
        let wrapped = lines[start...].prefix { $0.hasPrefix("POSTGRES_HOST") || $0.hasPrefix(" ") }
            .map { $0.replacing("POSTGRES_HOST", with: "").replacing("/f:1", with: "").filter { $0 != " " } }.joined()
        #expect(wrapped == host)
        #expect(
            text.contains(
                "/f:2: warning: \"BACKUP_TIEM\" is not a name recyclicd knows, ignored\n    Did you mean BACKUP_TIME?"
            )
        )
        #expect(lines.contains { $0.hasPrefix("POSTGRES_PASSWORD") && $0.contains("[hidden]") && $0.hasSuffix("/f:3") })
        #expect(lines.last == "The configuration is valid: 1 warning.")
        #expect(ConfigurationReport(load("LOG_LEVEL=x")).text().hasSuffix("The configuration is not valid: 1 error.\n"))
        #expect(ConfigurationReport(load("")).text().hasSuffix("The configuration is valid.\n"))
    }

    @Test("The JSON form keeps its keys")
    func json() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let report = ConfigurationReport(load("POSTGRES_PORT=x", ["POSTGRES_PASSWORD": "y"]))
        let text = String(decoding: try encoder.encode(report), as: UTF8.self)
        #expect(text.contains(#""valid":false"#))
        #expect(
            text.contains(#"{"isSecret":true,"name":"POSTGRES_PASSWORD","origin":"environment","value":"[hidden]"}"#)
        )
        #expect(text.contains(#""file":"/f""#) && text.contains(#""line":1"#) && text.contains(#""severity":"error""#))
        #expect(try JSONDecoder().decode(ConfigurationReport.self, from: Data(text.utf8)) == report)
    }

    @Test("The machine's time zone comes from TZ, then /etc/timezone, then /etc/localtime, then is UTC")
    func timeZone() {
        let facts = MachineFacts.current(environment: ["TZ": ":Asia/Tokyo"])
        #expect(facts.timeZone == MachineFacts.TimeZoneFact(name: "Asia/Tokyo", source: "TZ"))
        #expect(facts.processors >= 1)
        #expect(MachineFacts.current(environment: ["TZ": "No/Such"]).timeZone.source != "TZ")
        #expect(load("").value(.backupTimeZone)?.origin.description == "default (/etc/timezone)")
    }
}
