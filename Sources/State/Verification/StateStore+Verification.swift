package import FoundationEssentials
import GRDB

extension StateStore {
    /// Records objects that were read: the good ones with their time, the bad ones with the reason. A good object is no
    /// longer damaged (it was stored again), a bad one no longer verified; the time damage was found first stays.
    ///
    /// Call it with some hundred objects at a time: each call is one transaction.
    package func recordVerification(verified: [VerifiedObject], damaged: [DamagedObject] = []) async throws {
        try await write { database in
            let verify = try database.makeStatement(
                sql: """
                    INSERT INTO verified_objects (name, sizeBytes, verifiedAt) VALUES (?, ?, ?)
                    ON CONFLICT (name) DO UPDATE SET sizeBytes = excluded.sizeBytes, verifiedAt = excluded.verifiedAt
                    """
            )
            let heal = try database.makeStatement(sql: "DELETE FROM damaged_objects WHERE name = ?")
            for object in verified {
                try verify.execute(arguments: [object.name, object.sizeBytes, object.verifiedAt.milliseconds])
                try heal.execute(arguments: [object.name])
            }
            let damage = try database.makeStatement(
                sql: """
                    INSERT INTO damaged_objects (name, foundAt, reason) VALUES (?, ?, ?)
                    ON CONFLICT (name) DO UPDATE SET reason = excluded.reason
                    """
            )
            let doubt = try database.makeStatement(sql: "DELETE FROM verified_objects WHERE name = ?")
            for object in damaged {
                try damage.execute(arguments: [object.name, object.foundAt.milliseconds, object.reason])
                try doubt.execute(arguments: [object.name])
            }
        }
    }

    /// When each object was read last, by name; with a time, only those read at or after it.
    ///
    /// One entry per object: a repository of 50 GB has some thousands.
    package func verifiedObjects(since time: Date? = nil) async throws -> [String: VerifiedObject] {
        try await read { database in
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT * FROM verified_objects WHERE verifiedAt >= ?",
                arguments: [time?.milliseconds ?? Int64.min]
            )
            return rows.reduce(into: [:]) { objects, row in
                let name: String = row["name"]
                objects[name] = VerifiedObject(
                    name: name,
                    sizeBytes: row["sizeBytes"],
                    verifiedAt: row.date("verifiedAt")
                )
            }
        }
    }

    /// The objects known to be damaged, by name.
    package func damagedObjects() async throws -> [DamagedObject] {
        try await read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM damaged_objects ORDER BY name").map { row in
                DamagedObject(name: row["name"], foundAt: row.date("foundAt"), reason: row["reason"])
            }
        }
    }

    /// Forgets objects that are no longer in the repository.
    package func forgetObjects(_ names: some Sequence<String> & Sendable) async throws {
        try await write { database in
            let verified = try database.makeStatement(sql: "DELETE FROM verified_objects WHERE name = ?")
            let damaged = try database.makeStatement(sql: "DELETE FROM damaged_objects WHERE name = ?")
            for name in names {
                try verified.execute(arguments: [name])
                try damaged.execute(arguments: [name])
            }
        }
    }

    /// Records a verify run that came to its end, and what it says about each backup it covered.
    package func recordVerifyRun(_ run: VerifyRun, backups: [BackupVerification] = []) async throws {
        try await write { database in
            try database.execute(
                sql: """
                    INSERT INTO verify_runs (startedAt, finishedAt, scope, isFull, objectsChecked, bytesRead,
                        damagedObjects, affectedBackups)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    run.startedAt.milliseconds, run.finishedAt.milliseconds, run.scope, run.isFull, run.objectsChecked,
                    run.bytesRead, JSONText(encoding: run.damagedObjects).text,
                    JSONText(encoding: run.affectedBackups).text,
                ]
            )
            try database.execute(
                sql: "DELETE FROM verify_runs WHERE id <= ?",
                arguments: [database.lastInsertedRowID - Int64(StateLimits.verifyRuns)]
            )
            for backup in backups {
                try database.execute(
                    sql: """
                        INSERT INTO verified_backups (backupID, verifiedAt, damagedObjects) VALUES (?, ?, ?)
                        ON CONFLICT (backupID) DO UPDATE
                        SET verifiedAt = excluded.verifiedAt, damagedObjects = excluded.damagedObjects
                        """,
                    arguments: [
                        backup.backupID, backup.verifiedAt.milliseconds, JSONText(encoding: backup.damagedObjects).text,
                    ]
                )
            }
        }
    }

    /// The last verify run; with a scope, the last of that scope.
    package func lastVerifyRun(scope: String? = nil) async throws -> VerifyRun? {
        try await read { database in
            let row = try Row.fetchOne(
                database,
                sql: "SELECT * FROM verify_runs WHERE ?1 IS NULL OR scope = ?1 ORDER BY id DESC LIMIT 1",
                arguments: [scope]
            )
            return try row.map(VerifyRun.init(row:))
        }
    }

    /// What is known of each backup that was ever verified, by its id.
    package func backupVerifications() async throws -> [String: BackupVerification] {
        try await read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM verified_backups").reduce(into: [:]) { backups, row in
                let id: String = row["backupID"]
                backups[id] = BackupVerification(
                    backupID: id,
                    verifiedAt: row.date("verifiedAt"),
                    damagedObjects: try row.list("damagedObjects")
                )
            }
        }
    }

    /// Forgets backups that were deleted.
    package func forgetBackups(_ ids: some Sequence<String> & Sendable) async throws {
        try await write { database in
            let statement = try database.makeStatement(sql: "DELETE FROM verified_backups WHERE backupID = ?")
            for id in ids { try statement.execute(arguments: [id]) }
        }
    }
}

extension VerifyRun {
    fileprivate init(row: Row) throws {
        try self.init(
            startedAt: row.date("startedAt"),
            finishedAt: row.date("finishedAt"),
            scope: row["scope"],
            isFull: row["isFull"],
            objectsChecked: row["objectsChecked"],
            bytesRead: row["bytesRead"],
            damagedObjects: row.list("damagedObjects"),
            affectedBackups: row.list("affectedBackups")
        )
    }
}
