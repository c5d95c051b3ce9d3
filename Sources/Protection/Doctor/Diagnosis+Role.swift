import PostgresClient

/// What our role may do, and whether replication lets it in.
extension Diagnosis {
    func role() -> [Finding] {
        guard let server = supportedServer, let role = server.role else { return [] }
        let subject = "role"
        let name = setup.connection.user
        var findings: [Finding] = []
        if isProtectedByDumps {
            findings.append(Finding(.ok, "roleSuffices", subject, "\"\(name)\" has LOGIN, which suffices for dumps"))
        } else if !role.canLogin || !role.canReplicate {
            let missing = [role.canLogin ? nil : "LOGIN", role.canReplicate ? nil : "REPLICATION"].compactMap(\.self)
            findings.append(
                Finding(
                    .critical,
                    "roleCannotReplicate",
                    subject,
                    "the role \"\(name)\" lacks \(missing.joined(separator: " and ")), so no backup can be taken",
                    mend: remedy.sql(["ALTER ROLE \(remedy.role) LOGIN REPLICATION;"])
                )
            )
        } else if role.isSuperuser {
            let message =
                "\"\(name)\" is a superuser, which is more than recyclicd needs: LOGIN and REPLICATION suffice"
            findings.append(Finding(.ok, "roleIsSuperuser", subject, message))
        } else {
            findings.append(Finding(.ok, "roleSuffices", subject, "\"\(name)\" has LOGIN and REPLICATION"))
        }
        return findings + rights(role)
    }

    /// Optional rights: what lacks is said with its GRANT, and nothing is wrong.
    private func rights(_ role: DoctorFacts.Role) -> [Finding] {
        let subject = "rights"
        let there = SetupFeature.allCases.filter(role.features.contains)
        let missing = SetupFeature.allCases.filter { !role.features.contains($0) }
        let has = there.map(\.rawValue).joined(separator: ", ")
        let present = there.isEmpty ? [] : [Finding(.ok, "rightsPresent", subject, "available: \(has)")]
        return present
            + missing.map { feature in
                Finding(
                    .ok,
                    "rightMissing",
                    subject,
                    "not available: \(feature.rawValue) (\(feature.purpose)); optional",
                    // EXECUTE on functions is a right in one database, so all of it is run in ours.
                    mend: remedy.sql(feature.statements(role: remedy.role), database: setup.connection.database)
                )
            }
    }

    func replication() -> [Finding] {
        let subject = "replication"
        guard supportedServer != nil, !isProtectedByDumps else { return [] }
        switch facts.replication {
        case .notTried:
            return []
        case .works(.physical):
            return [
                Finding(
                    .ok,
                    "replicationWorks",
                    subject,
                    "pg_hba.conf lets replication connections in (replication=true)"
                )
            ]
        case .works(.database):
            let message =
                "pg_hba.conf has no line for replication, and none is needed: the ordinary line is used (replication=database)"
            return [Finding(.ok, "replicationWorks", subject, message)]
        case .failed(let error):
            if error.kind == .permissionDenied, facts.server?.role?.canReplicate == false { return [] }
            if error.kind == .tooManyConnections, !hasFreeSender { return [] }
            return [replicationFailure(error, subject)]
        }
    }

    private func replicationFailure(_ error: PostgresError, _ subject: String) -> Finding {
        let mends: [Mend] =
            switch error.kind {
            case .notInHostBasedAccess: remedy.accessLine(accessLine(after: error))
            case .permissionDenied: remedy.sql(["ALTER ROLE \(remedy.role) LOGIN REPLICATION;"])
            case .tooManyConnections:
                remedy.alterSystem([("max_wal_senders", "10"), ("max_connections", "200")], restarts: true)
            case .authenticationFailed: remedy.accessLine(replicationLine)
            default: [Mend(.any, [error.hint.map { "# \($0)" } ?? "recyclicd doctor"])]
            }
        let code = error.kind == .notInHostBasedAccess ? "replicationNotInHostBasedAccess" : error.code
        return Finding(
            .critical,
            code,
            subject,
            "the server refuses replication connections: \(error.message)",
            mend: mends
        )
    }

    /// For a replication line of pg_hba.conf whose method differs from that of the ordinary line.
    private var replicationLine: String {
        let role = HostBasedAccess.name(setup.connection.user)
        let method = setup.connection.password == nil ? "peer" : "scram-sha-256"
        if setup.connection.isLocalSocket { return "local replication \(role) \(method)" }
        return "host replication \(role) \(isLoopback ? "127.0.0.1/32" : "samenet") scram-sha-256"
    }
}
