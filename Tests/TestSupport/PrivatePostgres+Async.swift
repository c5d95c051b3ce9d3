import Blocking

extension PrivatePostgres {
    /// Makes a cluster and starts a server on it without blocking one of the few cooperative threads.
    ///
    /// - Throws: ``TestSupportError`` with the server's last messages when it doesn't start.
    package static func started(_ change: @escaping @Sendable (inout Options) -> Void = { _ in }) async throws
        -> PrivatePostgres
    {
        try await onThread("private postgres") { try PrivatePostgres(Options(change)) }
    }
}
