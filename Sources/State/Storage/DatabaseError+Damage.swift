import GRDB

extension DatabaseError {
    /// Whether the file itself is at fault. What comes from around it (rights, space, the disk, another process) would
    /// befall a new file as well, so setting the old one aside would only lose it.
    var isDamage: Bool {
        switch resultCode {
        case .SQLITE_PERM, .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_NOMEM, .SQLITE_READONLY, .SQLITE_INTERRUPT,
            .SQLITE_IOERR, .SQLITE_FULL, .SQLITE_CANTOPEN, .SQLITE_AUTH, .SQLITE_NOLFS:
            false
        default:
            true
        }
    }
}
