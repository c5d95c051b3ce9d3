import PostgresClient
import TestSupport

extension PrivatePostgres {
    /// Settings to reach it over the Unix socket.
    func settings(user: String = "postgres", database: String = "postgres") -> ConnectionSettings {
        var settings = ConnectionSettings(host: socketDirectory, port: port, user: user, database: database)
        settings.connectTimeout = .seconds(20)
        return settings
    }

    /// Settings to reach it over TCP on 127.0.0.1.
    ///
    /// - Parameter proxy: The proxy to go through, if any.
    func tcpSettings(user: String = "postgres", password: String? = nil, through proxy: StallingProxy? = nil)
        -> ConnectionSettings
    {
        var settings = ConnectionSettings(
            host: "127.0.0.1",
            port: proxy?.port ?? port,
            user: user,
            password: password.map { Password($0) },
            database: "postgres"
        )
        settings.connectTimeout = .seconds(20)
        return settings
    }
}
