import Foundation
import Glibc
import TestSupport
import Testing
import Varlink

/// What the daemon does when not all is there at its start.
@Suite(.serialized)
struct StartTests {
    @Test
    func `a configuration with an error ends the daemon with a code of its own`() async throws {
        let daemon = try DaemonUnderTest(["BACKUP_TIME": "now and then"])
        let result = try await daemon.offline("serve")
        #expect(result.status == 78)
        #expect(result.errors.contains("BACKUP_TIME") && result.errors.contains("now and then"), "\(result.errors)")
    }
}
