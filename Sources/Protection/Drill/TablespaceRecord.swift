/// Looks through pg_waldump's lines for tablespaces that the WAL creates.
///
/// Replaying such a record opens the original path: on the source's own host that is production's.
enum TablespaceRecord {
    /// The location that a line of `pg_waldump --rmgr=Tablespace` creates; `nil` for any other line.
    static func createdLocation(in line: some StringProtocol) -> String? {
        guard line.contains("rmgr: Tablespace"), let range = line.firstRange(of: "desc: CREATE ") else { return nil }
        let rest = line[range.upperBound...]
        guard let opening = rest.firstIndex(of: "\""), let closing = rest.lastIndex(of: "\""), opening < closing else {
            return String(rest)
        }
        return String(rest[rest.index(after: opening)..<closing])
    }
}
