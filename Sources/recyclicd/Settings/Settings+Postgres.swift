import Configuration
import PostgresClient

extension Settings {
    /// How to reach the server, for the client.
    var connection: ConnectionSettings {
        var connection = ConnectionSettings(
            host: postgres.host,
            port: postgres.port,
            user: postgres.user,
            password: postgres.password.map { Password($0.revealed) },
            database: postgres.database
        )
        if let mode = PostgresClient.SSLMode(rawValue: postgres.sslMode.rawValue) { connection.sslMode = mode }
        connection.sslRootCertificate = postgres.sslRootCertificate
        connection.connectTimeout = .seconds(postgres.connectTimeoutSeconds)
        return connection
    }

    /// The bounds of the pool.
    var pool: PoolConfiguration {
        var pool = PoolConfiguration()
        pool.minimumConnections = postgres.poolMinimum
        pool.maximumConnections = postgres.poolMaximum
        return pool
    }
}
