/// What belongs to a database but lies outside it, so that pg_restore into a database of another name does not make it: who
/// owns it, who may connect, its settings; and what it needs from its server.
package struct DatabaseProperties: Codable, Sendable, Equatable {
    /// The role that owns it.
    package var owner: String
    /// Its comment, if it has one.
    package var comment: String?
    /// `datconnlimit`: -1 for no limit.
    package var connectionLimit: Int32
    /// Who may do what with the database itself; absent when nothing was ever granted or revoked.
    package var privileges: [Privilege]?
    /// `ALTER DATABASE … SET` and `ALTER ROLE … IN DATABASE … SET`.
    package var settings: [Setting]
    /// The roles that own something in it or have a right on something in it.
    package var roles: [String]
    /// The tablespaces that something in it lies in, those aside that every server has; absent in older manifests.
    package var tablespaces: [String]?
    /// The superuser that initdb made, who owns what the system made.
    package var bootstrapSuperuser: String
    /// How many tables and materialised views it has, those of extensions included.
    package var tables: Int64

    package init(
        owner: String,
        comment: String? = nil,
        connectionLimit: Int32 = -1,
        privileges: [Privilege]? = nil,
        settings: [Setting] = [],
        roles: [String] = [],
        tablespaces: [String]? = nil,
        bootstrapSuperuser: String,
        tables: Int64
    ) {
        self.owner = owner
        self.comment = comment
        self.connectionLimit = connectionLimit
        self.privileges = privileges
        self.settings = settings
        self.roles = roles
        self.tablespaces = tablespaces
        self.bootstrapSuperuser = bootstrapSuperuser
        self.tables = tables
    }

    /// One entry of `datacl`.
    package struct Privilege: Codable, Sendable, Equatable {
        /// The role; absent for PUBLIC.
        package var role: String?
        /// `CONNECT`, `CREATE` or `TEMPORARY`.
        package var privilege: String
        /// WITH GRANT OPTION.
        package var isGrantable: Bool

        package init(role: String?, privilege: String, isGrantable: Bool) {
            self.role = role
            self.privilege = privilege
            self.isGrantable = isGrantable
        }
    }

    /// A setting that sessions in the database begin with.
    package struct Setting: Codable, Sendable, Equatable {
        /// For whose sessions; absent for everybody's.
        package var role: String?
        /// The setting: `search_path`.
        package var name: String
        /// Its value as it is stored: `app, public`.
        package var value: String

        package init(role: String?, name: String, value: String) {
            self.role = role
            self.name = name
            self.value = value
        }
    }
}
