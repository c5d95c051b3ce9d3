import GRDB

/// The tables and how they came to be. A migration that was released is never changed; a new one is added below it.
///
/// Times are whole milliseconds since 1970 in UTC; lists and objects are JSON text.
enum StateSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 jobs, events, verification, drills, values") { database in
            try database.execute(
                sql: """
                    CREATE TABLE jobs (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        kind TEXT NOT NULL,
                        detail TEXT NOT NULL,
                        state TEXT NOT NULL,
                        requestedBy TEXT NOT NULL,
                        createdAt INTEGER NOT NULL,
                        startedAt INTEGER,
                        finishedAt INTEGER,
                        phase TEXT,
                        bytesDone INTEGER NOT NULL DEFAULT 0,
                        bytesTotal INTEGER,
                        filesDone INTEGER NOT NULL DEFAULT 0,
                        filesTotal INTEGER,
                        errorCode TEXT,
                        errorMessage TEXT,
                        errorHint TEXT,
                        result TEXT,
                        warnings TEXT NOT NULL DEFAULT '[]'
                    ) STRICT;
                    CREATE INDEX jobsByState ON jobs (state, id);
                    CREATE INDEX jobsByKind ON jobs (kind, id);

                    CREATE TABLE events (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        time INTEGER NOT NULL,
                        kind TEXT NOT NULL,
                        severity TEXT NOT NULL,
                        subject TEXT,
                        message TEXT NOT NULL,
                        details TEXT
                    ) STRICT;

                    CREATE TABLE verified_objects (
                        name TEXT PRIMARY KEY,
                        sizeBytes INTEGER NOT NULL,
                        verifiedAt INTEGER NOT NULL
                    ) STRICT, WITHOUT ROWID;
                    CREATE TABLE damaged_objects (
                        name TEXT PRIMARY KEY,
                        foundAt INTEGER NOT NULL,
                        reason TEXT NOT NULL
                    ) STRICT, WITHOUT ROWID;
                    CREATE TABLE verified_backups (
                        backupID TEXT PRIMARY KEY,
                        verifiedAt INTEGER NOT NULL,
                        damagedObjects TEXT NOT NULL
                    ) STRICT, WITHOUT ROWID;
                    CREATE TABLE verify_runs (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        startedAt INTEGER NOT NULL,
                        finishedAt INTEGER NOT NULL,
                        scope TEXT NOT NULL,
                        isFull INTEGER NOT NULL,
                        objectsChecked INTEGER NOT NULL,
                        bytesRead INTEGER NOT NULL,
                        damagedObjects TEXT NOT NULL,
                        affectedBackups TEXT NOT NULL
                    ) STRICT;

                    CREATE TABLE drills (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        jobID INTEGER,
                        backupID TEXT NOT NULL,
                        startedAt INTEGER NOT NULL,
                        finishedAt INTEGER NOT NULL,
                        verdict TEXT NOT NULL,
                        reason TEXT,
                        phases TEXT NOT NULL,
                        checks TEXT NOT NULL,
                        acknowledgedAt INTEGER
                    ) STRICT;
                    CREATE INDEX drillsByBackup ON drills (backupID, id);

                    CREATE TABLE key_values (
                        name TEXT PRIMARY KEY,
                        value TEXT NOT NULL
                    ) STRICT, WITHOUT ROWID;
                    """
            )
        }
        migrator.registerMigration("2 history") { database in
            try database.execute(
                sql: """
                    CREATE TABLE history (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        time INTEGER NOT NULL,
                        hour INTEGER NOT NULL,
                        isFirstOfHour INTEGER NOT NULL,
                        health TEXT NOT NULL,
                        exposureSeconds REAL,
                        backupAgeSeconds REAL,
                        backups INTEGER,
                        repositoryBytes INTEGER,
                        freeBytes INTEGER,
                        isDatabaseReachable INTEGER NOT NULL,
                        databaseBytes INTEGER,
                        residentBytes INTEGER,
                        cpuSeconds REAL
                    ) STRICT;
                    CREATE INDEX historyByHour ON history (isFirstOfHour, id);
                    CREATE INDEX historyByTime ON history (time);
                    """
            )
        }
        migrator.registerMigration("3 alerts") { database in
            try database.execute(
                sql: """
                    CREATE TABLE alerts (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        code TEXT NOT NULL,
                        isOpen INTEGER NOT NULL,
                        isFired INTEGER NOT NULL,
                        beganAt INTEGER NOT NULL,
                        record TEXT NOT NULL
                    ) STRICT;
                    CREATE INDEX alertsOpen ON alerts (isOpen, id);
                    CREATE INDEX alertsByCode ON alerts (code, id);

                    CREATE TABLE alert_silences (
                        name TEXT PRIMARY KEY,
                        record TEXT NOT NULL
                    ) STRICT, WITHOUT ROWID;

                    CREATE TABLE alert_deliveries (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        isQueued INTEGER NOT NULL,
                        channel TEXT NOT NULL,
                        recipient TEXT NOT NULL,
                        record TEXT NOT NULL
                    ) STRICT;
                    CREATE INDEX alertDeliveriesQueued ON alert_deliveries (isQueued, id);

                    CREATE TABLE alert_recipients (
                        name TEXT PRIMARY KEY,
                        record TEXT NOT NULL
                    ) STRICT, WITHOUT ROWID;
                    """
            )
        }
        return migrator
    }
}
