import Blocking
import PostgresClient

/// Looks through one database of the restored server: every table to its last row, every heap and B-tree by amcheck.
struct DatabaseExamination {
    /// What was read.
    struct Figures {
        var tables = 0
        var rows: Int64 = 0
        var bytes: Int64 = 0
    }

    private let database: String
    private let connection: BlockingConnection
    private let majorVersion: Int
    /// Whether the rows of unlogged tables are there too, as in a dump.
    private let isUnloggedPresent: Bool
    private let deadline: DrillDeadline
    private let cancellation: CancellationFlag
    private let progress: ProgressMeter
    private(set) var figures = Figures()
    private(set) var checks: [DrillCheck] = []

    init(
        database: String,
        connection: BlockingConnection,
        majorVersion: Int,
        isUnloggedPresent: Bool = false,
        deadline: DrillDeadline,
        cancellation: CancellationFlag,
        progress: ProgressMeter
    ) {
        self.database = database
        self.connection = connection
        self.majorVersion = majorVersion
        self.isUnloggedPresent = isUnloggedPresent
        self.deadline = deadline
        self.cancellation = cancellation
        self.progress = progress
    }

    /// Looks at everything.
    ///
    /// - Throws: `CancellationError`; ``DrillObstacle`` when the deadline passes; ``PostgresError`` when the server went
    ///   away. What a statement finds wrong becomes a check.
    mutating func perform() throws {
        try readTables()
        if !isUnloggedPresent { try listUnlogged() }
        try runAmcheck()
    }

    // MARK: - Reading

    private mutating func readTables() throws {
        let name = "tables of \"\(database)\""
        let sql = """
            SELECT format('%I.%I', n.nspname, c.relname), c.relkind = 'm'
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'm') AND c.relpersistence IN (\(isUnloggedPresent ? "'p', 'u'" : "'p'")) AND c.relispopulated
            ORDER BY c.oid
            """
        guard let tables = try attempt(name, { try $0.query(sql, timeout: $1, cancellation: $2) }) else { return }
        var problems = Problems()
        for row in tables.rows {
            let table = try row.decode(0, as: String.self)
            let isView = try row.decode(1, as: Bool.self)
            let source = isView ? "(SELECT * FROM \(table))" : table
            do {
                let summary = try connection.copyOut(
                    "COPY \(source) TO STDOUT",
                    timeout: try timeout(),
                    cancellation: cancellation
                ) { progress.advance(bytes: Int64($0.count)) }
                figures.tables += 1
                figures.rows += summary.rows
                figures.bytes += summary.bytes
            } catch let error as PostgresError {
                try note(error, about: table, in: &problems)
            }
            progress.advance(files: 1)
        }
        checks += problems.checks(name, total: tables.rows.count, isEssential: true)
    }

    private mutating func listUnlogged() throws {
        let sql = """
            SELECT format('%I.%I', n.nspname, c.relname)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'r' AND c.relpersistence = 'u' ORDER BY 1
            """
        let name = "unlogged tables of \"\(database)\""
        guard let tables = try attempt(name, { try $0.query(sql, timeout: $1, cancellation: $2) }),
            !tables.rows.isEmpty
        else { return }
        let names = tables.rows.prefix(20).compactMap { $0.texts.first.flatMap { $0 } }.joined(separator: ", ")
        let more = tables.rows.count > 20 ? " and \(tables.rows.count - 20) more" : ""
        checks.append(
            DrillCheck(
                name,
                .notProtected,
                detail: "a base backup never holds the rows of \(names)\(more)",
                isEssential: false
            )
        )
    }

    // MARK: - amcheck

    private mutating func runAmcheck() throws {
        let name = "amcheck in \"\(database)\""
        guard let schema = try installAmcheck(name) else { return }
        try checkHeaps(schema)
        try checkIndexes(schema)
    }

    /// - Returns: The extension's schema, quoted; `nil` when it can't be had, which is noted.
    private mutating func installAmcheck(_ name: String) throws -> String? {
        let available = try attempt(name) {
            try $0.query("SELECT 1 FROM pg_available_extensions WHERE name = 'amcheck'", timeout: $1, cancellation: $2)
        }
        guard let available else { return nil }
        guard !available.rows.isEmpty else {
            let text = "the extension is not installed on this machine (package postgresql-contrib)"
            checks.append(DrillCheck(name, .cannotJudge, detail: text, isEssential: false))
            return nil
        }
        return try attempt(name) { connection, timeout, cancellation in
            // An event trigger of the source would run on CREATE EXTENSION; altering one fires none.
            let triggers = try connection.query(
                "SELECT format('%I', evtname) FROM pg_event_trigger WHERE evtenabled <> 'D'",
                timeout: timeout,
                cancellation: cancellation
            )
            let disabling = try triggers.rows.map {
                "ALTER EVENT TRIGGER \(try $0.decode(0, as: String.self)) DISABLE;"
            }
            let existing =
                "SELECT format('%I', n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace "
                + "WHERE e.extname = 'amcheck'"
            if let row = try connection.query(existing, timeout: timeout, cancellation: cancellation).rows.first {
                return try row.decode(0, as: String.self)
            }
            let sql =
                disabling.joined()
                + "CREATE SCHEMA recyclic_drill; CREATE EXTENSION amcheck WITH SCHEMA recyclic_drill"
            try connection.simpleQuery(sql, timeout: timeout, cancellation: cancellation)
            return "recyclic_drill"
        }
    }

    private mutating func checkHeaps(_ schema: String) throws {
        let name = "heaps of \"\(database)\""
        let sql = """
            SELECT c.oid, format('%I.%I', n.nspname, c.relname)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'm', 't') AND c.relpersistence = 'p' AND c.relam = 2 ORDER BY c.oid
            """
        guard let heaps = try attempt(name, { try $0.query(sql, timeout: $1, cancellation: $2) }) else { return }
        var problems = Problems()
        for row in heaps.rows {
            let table = try row.decode(1, as: String.self)
            do {
                let found = try connection.query(
                    "SELECT format('block %s: %s', blkno, msg) FROM \(schema).verify_heapam($1::regclass) LIMIT 1",
                    ["\(try row.decode(0, as: UInt32.self))"],
                    timeout: try timeout(),
                    cancellation: cancellation
                )
                if let first = found.rows.first {
                    problems.failed.append("\(table): \(try first.decode(0, as: String.self))")
                }
            } catch let error as PostgresError {
                try note(error, about: table, in: &problems)
            }
        }
        checks += problems.checks(name, total: heaps.rows.count, isEssential: false)
    }

    private mutating func checkIndexes(_ schema: String) throws {
        let name = "indexes of \"\(database)\""
        // An index sorted by another version of a collation may look damaged without being so.
        let sql = """
            SELECT c.oid, format('%I.%I', n.nspname, c.relname), EXISTS (
                SELECT FROM unnest(i.indcollation::oid[]) AS used(collation_id)
                JOIN pg_collation k ON k.oid = used.collation_id
                WHERE CASE WHEN k.collprovider = 'd'
                    THEN d.datcollversion IS DISTINCT FROM pg_database_collation_actual_version(d.oid)
                    ELSE k.collversion IS DISTINCT FROM pg_collation_actual_version(k.oid) END)
            FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_database d ON d.datname = current_database()
            WHERE c.relam = 403 AND c.relkind = 'i' AND c.relpersistence = 'p' AND i.indisvalid AND i.indisready
            ORDER BY c.oid
            """
        guard let indexes = try attempt(name, { try $0.query(sql, timeout: $1, cancellation: $2) }) else { return }
        var problems = Problems()
        for row in indexes.rows {
            let index = try row.decode(1, as: String.self)
            if try row.decode(2, as: Bool.self) {
                problems.unjudged.append("\(index): its collation has another version on this machine")
                continue
            }
            do {
                _ = try connection.query(
                    "SELECT \(schema).bt_index_check($1::regclass)",
                    ["\(try row.decode(0, as: UInt32.self))"],
                    timeout: try timeout(),
                    cancellation: cancellation
                )
            } catch let error as PostgresError {
                try note(error, about: index, in: &problems)
            }
        }
        checks += problems.checks(name, total: indexes.rows.count, isEssential: false)
    }

    // MARK: - Judging

    /// What was wrong with some of the things that one check looks at.
    private struct Problems {
        var failed: [String] = []
        var unjudged: [String] = []

        func checks(_ name: String, total: Int, isEssential: Bool) -> [DrillCheck] {
            if !failed.isEmpty {
                return [DrillCheck(name, .failed, detail: Problems.summary(failed), isEssential: isEssential)]
            }
            if !unjudged.isEmpty {
                return [DrillCheck(name, .cannotJudge, detail: Problems.summary(unjudged), isEssential: isEssential)]
            }
            return [DrillCheck(name, .passed, detail: "\(total)", isEssential: isEssential)]
        }

        private static func summary(_ texts: [String]) -> String {
            let more = texts.count > 3 ? "; and \(texts.count - 3) more" : ""
            return texts.prefix(3).joined(separator: "; ") + more
        }
    }

    /// Runs statements; a failure that is no end of the whole drill becomes a check.
    private mutating func attempt<Value>(
        _ name: String,
        _ body: (BlockingConnection, Duration, CancellationFlag) throws -> Value
    ) throws -> Value? {
        do {
            return try body(connection, timeout(), cancellation)
        } catch let error as PostgresError {
            var problems = Problems()
            try note(error, about: "a catalog", in: &problems)
            checks += problems.checks(name, total: 0, isEssential: !name.hasPrefix("amcheck"))
            return nil
        }
    }

    private func note(_ error: PostgresError, about thing: String, in problems: inout Problems) throws {
        guard connection.isUsable else { throw error }
        try deadline.check()
        let text = "\(thing): \(error.message)"
        switch ServerFailure.state(of: error) {
        case .cannotJudge: problems.unjudged.append(text)
        default: problems.failed.append(text)
        }
    }

    private func timeout() throws -> Duration {
        try deadline.check()
        return deadline.remaining
    }
}
