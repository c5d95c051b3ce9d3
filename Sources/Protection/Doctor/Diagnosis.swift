/// What is right and what is wrong with a set-up, and the exact lines that mend it; a pure function of the facts.
package struct Diagnosis: Sendable {
    /// How much a finding matters.
    package enum Level: String, Sendable, Comparable {
        /// As it should be.
        case ok
        /// It works, but something may go wrong later.
        case warning
        /// It does not work, or nothing can be relied on.
        case critical

        /// Whether `left` matters less.
        package static func < (left: Level, right: Level) -> Bool {
            left.rank < right.rank
        }

        private var rank: Int {
            switch self {
            case .ok: 0
            case .warning: 1
            case .critical: 2
            }
        }
    }

    /// On which kind of system lines mend something.
    package enum Place: String, Sendable {
        /// Everywhere.
        case any
        /// Where the server comes from Debian's packages.
        case debian
        /// Where the server is a service of Docker Compose.
        case compose
    }

    /// Lines that mend a finding: commands to run in a shell, and text to write into the file that a `#` line names.
    package struct Mend: Sendable, Hashable {
        /// Where.
        package var place: Place
        /// The lines, in order.
        package var lines: [String]

        package init(_ place: Place, _ lines: [String]) {
            self.place = place
            self.lines = lines
        }
    }

    /// One precondition and how it was found.
    package struct Finding: Sendable, Hashable {
        /// A stable camelCase word.
        package var code: String
        /// How much it matters.
        package var level: Level
        /// What it is about, in a word or two.
        package var subject: String
        /// How it was found; lower case, without a full stop.
        package var message: String
        /// What mends it; empty when it is as it should be.
        package var mend: [Mend]

        package init(_ level: Level, _ code: String, _ subject: String, _ message: String, mend: [Mend] = []) {
            self.code = code
            self.level = level
            self.subject = subject
            self.message = message
            self.mend = mend
        }
    }

    let facts: DoctorFacts

    /// Judges everything, in the order in which an operator should mend it.
    package static func findings(_ facts: DoctorFacts) -> [Finding] {
        let diagnosis = Diagnosis(facts: facts)
        return configuration(diagnosis.setup.remarks) + diagnosis.connection() + diagnosis.role()
            + diagnosis.replication() + diagnosis.dumps()
            + diagnosis.serverSettings() + diagnosis.folders() + diagnosis.drills() + diagnosis.time()
            + diagnosis.alerts()
    }

    /// The lines that run statements as a superuser in a database, for findings of other parts.
    package static func mends(running statements: [String], in database: String, _ facts: DoctorFacts) -> [Mend] {
        Remedy(facts: facts).sql(statements, database: database)
    }

    var setup: DoctorSetup { facts.setup }

    var remedy: Remedy { Remedy(facts: facts) }

    /// Judges a configuration with errors, by which nothing can be looked at.
    package static func refused(_ remarks: [DoctorSetup.Remark]) -> [Finding] {
        let rest = Finding(
            .warning,
            "notChecked",
            "everything else",
            "server, repository, disks and drills are not checked until the configuration is valid",
            mend: [Mend(.any, ["recyclicd doctor"])]
        )
        return configuration(remarks) + [rest]
    }

    private static func configuration(_ remarks: [DoctorSetup.Remark]) -> [Finding] {
        guard !remarks.isEmpty else {
            return [Finding(.ok, "configurationValid", "configuration", "valid")]
        }
        return remarks.map { remark in
            Finding(
                remark.isError ? .critical : .warning,
                remark.isError ? "configurationError" : "configurationWarning",
                "configuration",
                remark.message,
                mend: [Mend(.any, (remark.hint.isEmpty ? [] : ["# \(remark.hint)"]) + ["recyclicd check-config"])]
            )
        }
    }
}
