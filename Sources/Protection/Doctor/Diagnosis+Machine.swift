import PostgresClient

/// What drills and schedules need of this machine.
extension Diagnosis {
    func drills() -> [Finding] {
        [programs(), identity()].compactMap(\.self)
    }

    private func programs() -> Finding? {
        guard let server = supportedServer else { return nil }
        let subject = "drills"
        let major = server.version.major
        if let folder = facts.programs {
            return Finding(
                .ok,
                "serverProgramsFound",
                subject,
                "the programs of PostgreSQL \(major) are in \"\(folder)\""
            )
        }
        var message = "the programs of PostgreSQL \(major) are not on this machine, so no drill can be run"
        var lines: [String] = []
        if let configured = setup.binDirectory {
            message = "the programs of PostgreSQL \(major) are not in \"\(configured)\", so no drill can be run"
            lines += ["# let them be looked for,"] + remedy.setting("#POSTGRES_BIN_DIRECTORY=")
        }
        lines.append("# as root; no cluster is made and no server is started:")
        if major != Self.majorOfDebian {
            lines += [
                "apt-get install -y postgresql-common ca-certificates",
                "/usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y",
            ]
        }
        // The same in both worlds: a drill runs on the machine of the daemon.
        lines += ServerPrograms.installation(major)
        return Finding(
            .warning,
            "serverProgramsMissing",
            subject,
            message,
            mend: [Mend(.debian, lines), Mend(.compose, ["# on the host, not in a container:"] + lines)]
        )
    }

    /// The version that Debian 12 has itself; others come from PostgreSQL's own archive.
    private static let majorOfDebian = 15

    private func identity() -> Finding? {
        let subject = "drills"
        switch facts.drillIdentity {
        case .unknown:
            return nil
        case .user(let name):
            return Finding(.ok, "drillUser", subject, "run as the user \"\(name)\"")
        case .confined:
            let message =
                "the user \"\(facts.user)\" owns a database too, so drills run in a namespace where they can write to their own folders only"
            return Finding(.ok, "drillUser", subject, message)
        case .none(let reason, let hints):
            return Finding(.warning, "noDrillUser", subject, reason, mend: [Mend(.any, hints)])
        }
    }

    func time() -> [Finding] {
        [clock(), zone()].compactMap(\.self)
    }

    private static let clockWarningSeconds = 5.0
    private static let clockCriticalSeconds = 60.0

    private func clock() -> Finding? {
        guard let server = supportedServer, let offset = server.clockOffsetSeconds else { return nil }
        let subject = "clock"
        let distance = offset.magnitude
        guard distance > Self.clockWarningSeconds else {
            let served = facts.isClockServed ? ", and follows a time server" : ""
            return Finding(.ok, "clockAgrees", subject, "agrees with the server's\(served)")
        }
        let direction = offset > 0 ? "ahead of" : "behind"
        let rounded = Int(min(distance.rounded(), 1e15))
        let lines = ["sudo apt-get install -y systemd-timesyncd", "sudo timedatectl set-ntp true", "timedatectl"]
        return Finding(
            distance > Self.clockCriticalSeconds ? .critical : .warning,
            "clocksDiffer",
            subject,
            "the server's clock is \(rounded) s \(direction) this machine's, so ages and points in time are wrong",
            mend: [Mend(.any, ["# on both machines:"] + lines)]
        )
    }

    private func zone() -> Finding? {
        let subject = "time zone"
        guard setup.isTimeZoneGuessed else {
            return Finding(.ok, "timeZoneKnown", subject, "schedules are meant in \(setup.timeZone)")
        }
        return Finding(
            .warning,
            "timeZoneUnknown",
            subject,
            "this machine names no time zone, so schedules are meant in \(setup.timeZone)",
            mend: [
                Mend(
                    .any,
                    ["sudo timedatectl set-timezone Europe/Paris", "# or"]
                        + remedy.setting("BACKUP_TIMEZONE=Europe/Paris")
                )
            ]
        )
    }
}
