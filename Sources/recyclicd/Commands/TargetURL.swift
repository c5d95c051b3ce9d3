import PostgresClient

/// Where `--into` leads.
enum TargetURL {
    /// What begins the name of a variable that holds the URL.
    private static let variablePrefix = "env:"

    /// - Parameters:
    ///   - text: A URL; `postgresql:///NAME`, which is the configured server; or `env:VARIABLE`.
    ///   - configured: How the daemon reaches its server.
    ///   - environment: This process's.
    /// - Throws: ``PostgresError`` `invalidSettings`, which never shows the URL.
    static func connection(
        _ text: String,
        configured: ConnectionSettings?,
        environment: [String: String]
    ) throws -> ConnectionSettings {
        var url = text
        if text.hasPrefix(variablePrefix) {
            let name = String(text.dropFirst(variablePrefix.count))
            guard let value = environment[name], !value.isEmpty else {
                throw PostgresError(.invalidSettings, "the variable '\(name)' of the environment holds no URL")
            }
            url = value
        }
        var connection: ConnectionSettings
        if let name = databaseAlone(url) {
            guard let configured else {
                throw PostgresError(
                    .invalidSettings,
                    "the URL names no server, and no configuration does either",
                    hint: "Write it as postgresql://USER:PASSWORD@HOST:PORT/DATABASE."
                )
            }
            // As a URL's path is decoded.
            connection = configured
            connection.database = try ConnectionSettings(url: "postgresql://u@h/\(name)").database
        } else {
            connection = try ConnectionSettings(url: url)
        }
        connection.applicationName = "recyclicd restore"
        return connection
    }

    /// `NAME` of `postgresql:///NAME`.
    private static func databaseAlone(_ url: String) -> Substring? {
        for scheme in ["postgresql:///", "postgres:///"] where url.hasPrefix(scheme) {
            let name = url.dropFirst(scheme.count)
            return name.isEmpty || name.contains("?") || name.contains("@") ? nil : name
        }
        return nil
    }
}
