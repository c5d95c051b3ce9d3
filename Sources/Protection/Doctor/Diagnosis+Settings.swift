/// The settings that decide whether the server can be backed up and survives a crash.
extension Diagnosis {
    private static let subject = "server settings"

    func serverSettings() -> [Finding] {
        guard let server = supportedServer else { return [] }
        let found = [wal(server), senders(server), slots(server), slotBound(server), checksums(server)].compactMap(
            \.self
        )
        return found + durability(server)
    }

    private func number(_ server: DoctorFacts.Server, _ name: String) -> Int? {
        server.settings[name].flatMap { Int($0.value) }
    }

    private func wal(_ server: DoctorFacts.Server) -> Finding? {
        guard let level = server.settings["wal_level"]?.value else { return nil }
        guard level == "minimal" else { return Finding(.ok, "walLevel", Self.subject, "wal_level is \(level)") }
        var changes = [("wal_level", "replica")]
        if number(server, "max_wal_senders") == 0 { changes.append(("max_wal_senders", "10")) }
        return Finding(
            .critical,
            "walLevelMinimal",
            Self.subject,
            "wal_level is minimal, so no backup can be taken while the server runs",
            mend: remedy.alterSystem(changes, restarts: true)
        )
    }

    /// A backup takes two connections: one for the files, one that holds the slot and fetches the WAL.
    private static let sendersNeeded = 2

    var hasFreeSender: Bool {
        guard let server = facts.server, let limit = number(server, "max_wal_senders") else { return true }
        return limit - (server.walSendersInUse ?? 0) >= Self.sendersNeeded
    }

    private func senders(_ server: DoctorFacts.Server) -> Finding? {
        guard let limit = number(server, "max_wal_senders") else { return nil }
        let used = server.walSendersInUse ?? 0
        guard !hasFreeSender else {
            return Finding(.ok, "walSenders", Self.subject, "max_wal_senders is \(limit), \(used) in use")
        }
        // Said already, with the restart that wal_level needs anyway.
        if limit == 0, server.settings["wal_level"]?.value == "minimal" { return nil }
        return Finding(
            .critical,
            "noFreeWALSender",
            Self.subject,
            "max_wal_senders is \(limit) and \(used) are in use, but a backup needs \(Self.sendersNeeded)",
            mend: remedy.alterSystem([("max_wal_senders", "\(max(10, used + 5))")], restarts: true)
        )
    }

    private func slots(_ server: DoctorFacts.Server) -> Finding? {
        guard let limit = number(server, "max_replication_slots") else { return nil }
        let used = server.slotsInUse ?? 0
        guard limit - used < 1 else {
            return Finding(.ok, "replicationSlots", Self.subject, "max_replication_slots is \(limit), \(used) in use")
        }
        var mends = remedy.alterSystem([("max_replication_slots", "\(max(10, used + 5))")], restarts: true)
        if used > 0 {
            let list = "SELECT slot_name, active FROM pg_replication_slots;"
            mends = zip(mends, [remedy.debianSQL(list), remedy.composeSQL(list)]).map { mend, line in
                Mend(mend.place, ["# or drop a slot that nobody uses:", line, "# or allow more:"] + mend.lines)
            }
        }
        return Finding(
            .critical,
            "noFreeReplicationSlot",
            Self.subject,
            "max_replication_slots is \(limit) and \(used) are in use, but a backup needs one",
            mend: mends
        )
    }

    private func slotBound(_ server: DoctorFacts.Server) -> Finding? {
        guard let bound = number(server, "max_slot_wal_keep_size") else { return nil }
        guard bound < 0 else {
            let size = DoctorText.size(Int64(bound) << 20)
            return Finding(.ok, "slotBound", Self.subject, "max_slot_wal_keep_size is \(size)")
        }
        return Finding(
            .warning,
            "slotsUnbounded",
            Self.subject,
            "max_slot_wal_keep_size is -1, so a forgotten replication slot can fill the server's disk",
            mend: remedy.alterSystem([("max_slot_wal_keep_size", "4GB")], restarts: false)
        )
    }

    private func checksums(_ server: DoctorFacts.Server) -> Finding? {
        guard let state = server.settings["data_checksums"]?.value else { return nil }
        guard state != "on" else { return Finding(.ok, "checksumsOn", Self.subject, "data checksums are on") }
        let major = remedy.major
        let directory = server.settings["data_directory"]?.value
        let folder =
            directory.flatMap { $0.hasPrefix("/var/lib/postgresql/data") ? nil : $0 }
            ?? "/var/lib/postgresql/\(major)/main"
        return Finding(
            .warning,
            "checksumsOff",
            Self.subject,
            "data checksums are off, so damaged pages can't be noticed when they are backed up",
            mend: [
                Mend(
                    .debian,
                    [
                        "# while the server is stopped; it reads and writes every page:",
                        "sudo systemctl stop postgresql",
                        "sudo -u postgres /usr/lib/postgresql/\(major)/bin/pg_checksums --enable --progress -D "
                            + ShellText.word(folder),
                        "sudo systemctl start postgresql",
                    ]
                ),
                Mend(
                    .compose,
                    [
                        "# while the server is stopped; it reads and writes every page:",
                        "docker compose stop \(remedy.service)",
                        "docker compose run --rm --no-deps --user postgres \(remedy.service) "
                            + "sh -c 'pg_checksums --enable --progress -D \"$PGDATA\"'",
                        "docker compose start \(remedy.service)",
                    ]
                ),
            ]
        )
    }

    private func durability(_ server: DoctorFacts.Server) -> [Finding] {
        let names = ["fsync", "full_page_writes"].filter { server.settings[$0] != nil }
        guard !names.isEmpty else { return [] }
        let off = names.filter { server.settings[$0]?.value == "off" }
        guard !off.isEmpty else {
            return [Finding(.ok, "survivesCrashes", Self.subject, "\(names.joined(separator: " and ")) on")]
        }
        return off.map { name in
            Finding(
                .critical,
                "crashUnsafe",
                Self.subject,
                "\(name) is off: after a power cut or a crash the database may be damaged beyond repair",
                mend: remedy.alterSystem([(name, "on")], restarts: false)
            )
        }
    }
}
