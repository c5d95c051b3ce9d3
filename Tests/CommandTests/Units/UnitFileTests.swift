import Configuration
import Foundation
import Testing

/// The unit files, as far as they must agree with the programs and with each other.
@Suite
struct UnitFileTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static func lines(_ name: String) throws -> [String] {
        try String(contentsOf: root.appending(path: "systemd/\(name)"), encoding: .utf8).split(separator: "\n")
            .map(String.init).filter { !$0.hasPrefix("#") }
    }

    @Test(arguments: [("recyclicd.service", "recyclicd"), ("recyclicd@.service", "recyclicd@%i")])
    func `every secret may come as a credential, which may be missing`(file: String, unit: String) throws {
        let credentials = try Self.lines(file).filter { $0.hasPrefix("LoadCredential=") }
        // A relative path is looked for in /etc/credstore, and only such a one may be missing (systemd.exec(5)).
        let expected = SettingName.allCases.filter(\.definition.isSecret).map {
            "LoadCredential=\($0.credentialName):\(unit).\($0.credentialName)"
        }
        #expect(credentials.sorted() == expected.sorted())
    }

    @Test
    func `a start that is refused for the configuration is not tried again`() throws {
        #expect(try Self.lines("recyclicd.service").contains("RestartPreventExitStatus=78"))
    }

    @Test
    func `an instance's unit is the main one with paths of its own`() throws {
        let main = try Self.lines("recyclicd.service").map {
            $0.replacing("Directory=recyclic", with: "Directory=recyclic-%i")
                .replacing(#/^(LoadCredential=\w+:recyclicd)/#) { "\($0.1)@%i" }
        }
        let instance = try Self.lines("recyclicd@.service").map {
            $0.replacing("serve --config /etc/recyclic/%i.env", with: "serve")
                .replacing("reload --instance %i", with: "reload")
        }
        #expect(main.filter { !$0.hasPrefix("Description=") } == instance.filter { !$0.hasPrefix("Description=") })
    }

    @Test(arguments: [("recyclicd.socket", "/run/recyclic"), ("recyclicd@.socket", "/run/recyclic-%i")])
    func `the socket unit listens where clients look, as the daemon would itself`(file: String, folder: String) throws {
        let lines = try Self.lines(file)
        for line in [
            "ListenStream=\(folder)/control.socket", "SocketMode=0660", "SocketGroup=recyclic",
            "FileDescriptorName=control",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
    }
}
