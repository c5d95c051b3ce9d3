import PostgresClient

/// What dumps need, and what protection results where they are all there is.
extension Diagnosis {
    /// Why base backups are not possible, as far as the server says so.
    var baseBackupRefusal: String? {
        guard let server = supportedServer else { return nil }
        if server.role?.canReplicate == false {
            return "the role \"\(setup.connection.user)\" lacks REPLICATION"
        }
        if server.settings["wal_level"]?.value == "minimal" { return "the server's wal_level is minimal" }
        if case .failed(let error) = facts.replication, [.permissionDenied, .notInHostBasedAccess].contains(error.kind)
        {
            return error.message
        }
        return nil
    }

    /// Whether dumps protect instead of base backups.
    var isProtectedByDumps: Bool {
        setup.method == .dump || setup.method == .either && baseBackupRefusal != nil
    }

    func dumps() -> [Finding] {
        guard supportedServer != nil, setup.takesDumps || isProtectedByDumps else { return [] }
        return [method(), dumpPrograms(), dumpRights()].compactMap(\.self)
    }

    private func method() -> Finding? {
        guard isProtectedByDumps else { return nil }
        let result =
            "dumps protect: each database as of its last dump, what was written since would be lost, and there is no other point in "
            + "time to go back to"
        guard setup.method == .either, let reason = baseBackupRefusal else {
            return Finding(.ok, "protectedByDumps", "protection", result)
        }
        return Finding(
            .warning,
            "protectedByDumps",
            "protection",
            "base backups are not possible: \(reason); \(result)",
            mend: facts.server?.role?.canReplicate == false
                ? remedy.sql(["ALTER ROLE \(remedy.role) LOGIN REPLICATION;"]) : []
        )
    }

    private func dumpPrograms() -> Finding? {
        let subject = "dumps"
        switch facts.dumpPrograms {
        case .unknown: return nil
        case .found(let folder, let version):
            return Finding(.ok, "dumpProgramsFound", subject, "pg_dump \(version) is in \"\(folder)\"")
        case .missing(let reason, _):
            let lines = ["# as root:"] + ClientPrograms.installation(remedy.major)
            return Finding(
                isProtectedByDumps ? .critical : .warning,
                "dumpProgramsMissing",
                subject,
                "no dump can be taken: \(reason)",
                mend: [
                    Mend(.debian, lines),
                    Mend(.compose, ["# on the host, not in a container:"] + Array(lines.dropFirst())),
                ]
            )
        }
    }

    private func dumpRights() -> Finding? {
        guard let role = facts.server?.role, !role.isSuperuser, !role.features.contains(.readData) else { return nil }
        return Finding(
            isProtectedByDumps ? .critical : .warning,
            "dumpRightMissing",
            "dumps",
            "the role \"\(setup.connection.user)\" may not read all tables, which a dump needs unless it owns them",
            mend: remedy.sql(SetupFeature.readData.statements(role: remedy.role), database: setup.connection.database)
        )
    }
}
