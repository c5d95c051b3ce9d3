import Foundation
import TestSupport
import Testing
import Varlink

@Suite(.serialized)
struct SecretTests {
    private static let password = "s3cr3t+Passw0rd/with=signs"

    @Test
    func `the official image's pg_hba.conf lets backups through, and the password shows up nowhere`() async throws {
        let server = try await PrivatePostgres.started {
            $0.listensOnTCP = true
            $0.authentication = .officialImage
        }
        // Seen from the server the client is no neighbour, as it is none in another container.
        let proxy = try StallingProxy(to: server.port, sourceAddress: "127.0.0.2")
        let connection = [
            "POSTGRES_HOST": "127.0.0.1", "POSTGRES_PORT": "\(proxy.port)", "LOG_LEVEL": "trace",
        ]
        let daemon = try DaemonUnderTest(connection.merging(["POSTGRES_PASSWORD": Self.password]) { $1 })
        let scene = Scene(server: server, daemon: daemon)
        try await scene.setUp()
        try await onOwnThread { try server.execute("ALTER ROLE recyclic PASSWORD '\(Self.password)'") }
        try await daemon.start()
        try await daemon.backUp()

        var texts: [String] = []
        for arguments in [
            ["status"], ["status", "--json"], ["doctor"], ["doctor", "--json"], ["jobs", "--json"],
            ["backups", "show", "latest", "--json"], ["reload", "--json"],
        ] {
            let result = try await daemon.ctl(arguments)
            texts.append(result.output + result.errors)
        }
        for arguments in [["check-config"], ["check-config", "--json"], ["setup-sql"]] {
            let result = try await daemon.offline(arguments)
            #expect(result.status == 0, "\(arguments): \(result.output)\(result.errors)")
            texts.append(result.output + result.errors)
        }
        let process = try #require(daemon.pid)
        for file in ["cmdline", "environ"] {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: "/proc/\(process)/\(file)"))
            texts.append(String(decoding: bytes, as: UTF8.self))
        }

        // A wrong password is refused with a hint, and does not show up either.
        try daemon.configure(connection.merging(["POSTGRES_PASSWORD": Self.password + "X"]) { $1 })
        daemon.expectError("backup failed")
        daemon.expectError("the server can't be reached")
        _ = try await daemon.ctl("reload")
        let refused = try await daemon.ctl("trigger-backup")
        #expect(refused.status == 1)
        #expect(refused.output.contains("POSTGRES_PASSWORD") || refused.errors.contains("POSTGRES_PASSWORD"))
        texts += [refused.output + refused.errors, daemon.log]
        for text in texts {
            #expect(!text.contains(Self.password) && !text.contains("s3cr3t"), "\(text.prefix(500))")
        }
        let files = try await onOwnThread { try Program.run("grep", ["-rlF", "s3cr3t", daemon.state, daemon.runtime]) }
        #expect(files.output.isEmpty, "\(files.output)")
        try await scene.end()
        proxy.close()
    }
}
