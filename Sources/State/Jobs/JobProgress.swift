/// How far a job is. Totals are `nil` while they are not known.
package struct JobProgress: Sendable, Hashable, Codable {
    /// Bytes worked on.
    package var bytesDone: Int64
    /// Bytes to work on in all.
    package var bytesTotal: Int64?
    /// Files (or, in a verify run, objects) done.
    package var filesDone: Int64
    /// Files (or objects) in all.
    package var filesTotal: Int64?

    package init(bytesDone: Int64 = 0, bytesTotal: Int64? = nil, filesDone: Int64 = 0, filesTotal: Int64? = nil) {
        self.bytesDone = bytesDone
        self.bytesTotal = bytesTotal
        self.filesDone = filesDone
        self.filesTotal = filesTotal
    }
}
