/// The version that one of PostgreSQL's programs says it has.
struct ProgramVersion: Hashable, Sendable, CustomStringConvertible {
    /// 15 of `15.20`.
    let major: Int
    /// `15.20`, `18beta2`.
    let description: String

    /// Reads a version as ``description`` gives it.
    init?(text: String) {
        self.init(output: "(PostgreSQL) \(text)")
    }

    /// Reads what `--version` prints: `pg_dump (PostgreSQL) 15.20 (Debian 15.20-1.pgdg12+1)`.
    init?(output: String) {
        guard let line = output.split(whereSeparator: \.isNewline).first,
            let name = line.firstRange(of: "(PostgreSQL) "),
            let version = line[name.upperBound...].split(separator: " ").first,
            let major = Int(version.prefix { $0.isNumber })
        else { return nil }
        self.major = major
        description = String(version)
    }
}
