import Blocking
import Synchronization
import TestSupport

/// One server for the tests that only ask it things; it ends with the process.
enum SharedServer {
    private static let started = Mutex<PrivatePostgres?>(nil)

    static func get() async throws -> PrivatePostgres {
        try await onThread("shared server") {
            try started.withLock { server in
                if let server { return server }
                let new = try PrivatePostgres(.init { $0.settings = ["max_connections": "60"] })
                server = new
                return new
            }
        }
    }
}
