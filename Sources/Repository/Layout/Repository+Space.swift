import Glibc

extension Repository {
    /// Space on the file system that holds the repository, in bytes: free for this process, and in all.
    package func space() throws -> (free: Int64, total: Int64) {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { throw RepositoryError(errno: errno, "look at", path: path) }
        let block = Int64(status.f_frsize)
        return (Int64(status.f_bavail) * block, Int64(status.f_blocks) * block)
    }

    /// Refuses to go on when too little space is left: a repository often lies on the database's own disk, and a database
    /// without space stops.
    ///
    /// - Parameters:
    ///   - reserve: How many bytes must stay free; with 0 nothing is asked.
    ///   - adding: How many bytes are about to be added at least.
    /// - Throws: ``RepositoryError`` `diskFull` that names the folder, what is free and what must stay free.
    package func checkSpace(reserve: Int64, adding: Int64 = 0) throws {
        guard reserve > 0 else { return }
        try Self.checkSpace(free: space().free, reserve: reserve, adding: adding, path: path)
    }

    static func checkSpace(free: Int64, reserve: Int64, adding: Int64, path: String) throws {
        guard free - adding < reserve else { return }
        let need = adding > 0 ? ", and at least \(adding) more are needed" : ""
        throw RepositoryError(
            .diskFull,
            "the disk of '\(path)' has \(free) bytes free, of which \(reserve) must stay free\(need)",
            hint: "Free space on it: by 'recyclicctl backups delete' and 'recyclicctl retention apply', say. Or set "
                + "BACKUP_REPOSITORY to a folder on another disk, or lower the reserve, ALERT_DISK_SPACE_CRITICAL; what is stored already is used again by the next backup."
        )
    }
}
