extension PostgresError {
    /// Says why connecting failed, from libpq's text.
    ///
    /// The text must have been made with `PQERRORS_VERBOSE`: a server's refusal then carries its SQLSTATE, and the
    /// server's language doesn't matter. libpq's own sentences are English, since this process sets no locale.
    ///
    /// - Parameters:
    ///   - libpqMessage: What `PQerrorMessage` gives.
    ///   - settings: What was tried.
    ///   - isReplication: Whether it was a connection with `replication=true`.
    init(connecting libpqMessage: String, settings: ConnectionSettings, isReplication: Bool) {
        let text = ConnectFailureText(libpqMessage)
        let kind = Self.kind(of: text)
        self.init(
            kind,
            text.message,
            sqlState: text.sqlState,
            hint: ConnectHint.hint(for: kind, text: text, settings: settings, isReplication: isReplication)
        )
    }

    private static func kind(of text: ConnectFailureText) -> Kind {
        switch text.sqlState {
        case "28P01"?: return .authenticationFailed
        case "28000"?: return text.message.contains("pg_hba.conf") ? .notInHostBasedAccess : .authenticationFailed
        case "42501"?: return .permissionDenied
        case "3D000"?: return .databaseMissing
        case "53300"?: return .tooManyConnections
        case "57P01"?, "57P02"?, "57P03"?: return .serverNotReady
        case .some: return .connectionFailed
        case nil: break
        }
        let message = text.message
        if message.contains("could not translate host name") { return .hostNotFound }
        if message.contains("Connection refused") { return .connectionRefused }
        if message.contains("timed out") || message.contains("timeout expired") { return .connectTimedOut }
        if message.contains("SSL") || message.contains("certificate") { return .tlsFailed }
        if message.contains("no password supplied") || message.contains("authentication") {
            return .authenticationFailed
        }
        return .connectionFailed
    }
}
