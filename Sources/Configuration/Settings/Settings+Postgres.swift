extension Settings {
    /// How to reach the PostgreSQL server, from `POSTGRES_*` and, for what they leave out, `DATABASE_URL`.
    package struct Postgres: Sendable, Equatable {
        /// Host name, address, or the directory of a Unix socket (starts with `/`).
        package let host: String
        /// 1 to 65535; for a socket directory the number in the socket's name.
        package let port: Int
        /// The role to log in as; it needs LOGIN and REPLICATION.
        package let user: String
        /// `nil` for peer, trust and certificate authentication, or when a `.pgpass` file has it.
        package let password: Secret?
        /// The database that plain SQL connects to.
        package let database: String
        /// libpq's `sslmode`.
        package let sslMode: SSLMode
        /// File of root certificates for `verify-ca` and `verify-full`; `nil` leaves libpq its own default.
        package let sslRootCertificate: String?
        /// 2 to 300 seconds.
        package let connectTimeoutSeconds: Int
        /// Connections kept open, 0 to `poolMaximum`.
        package let poolMinimum: Int
        /// Connections open at most, 1 to 100.
        package let poolMaximum: Int
        /// Folder of the server's programs (`postgres`, `pg_verifybackup`, …); `nil` means that they are looked for.
        package let binDirectory: String?
    }
}
