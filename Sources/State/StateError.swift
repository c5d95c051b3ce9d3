import Blocking
import GRDB

/// What can go wrong with the daemon's own memory.
package struct StateError: OperatorError, Hashable {
    package let code: String
    package let message: String
    package let hint: String?

    /// The file can't be opened, made or set aside.
    static func unusableFile(_ path: String, _ reason: String) -> StateError {
        StateError(
            code: "stateUnusable",
            message: "the state file '\(path)' can't be used: \(reason)",
            hint:
                "Check that the folder exists, belongs to recyclicd's user and has free space; recyclicd looks every minute."
        )
    }

    /// SQLite refused to read or write.
    static func database(_ error: DatabaseError) -> StateError {
        if error.resultCode == .SQLITE_FULL {
            return StateError(
                code: "diskFull",
                message: "the state file can't be written: the disk is full",
                hint: "Free some space on the file system of the state directory."
            )
        }
        return StateError(
            code: "stateDatabase",
            message: "the state file can't be read or written: \(error.message ?? error.resultCode.description)",
            hint:
                "Restart recyclicd: it sets a damaged state file aside and begins a new one; no backup is lost by that."
        )
    }

    /// The file's disk lets the daemon wait: a network share whose server is gone, a disk that is dying.
    package static func silent(_ folder: String) -> StateError {
        StateError(
            code: "stateSilent",
            message: "the state folder '\(folder)' does not answer",
            hint: "A network share waits for its server, a dying disk fills the kernel's log: findmnt -T \(folder); "
                + "dmesg | tail. Nothing needs to be restarted once it answers."
        )
    }

    /// A record that is to be changed isn't there.
    static func notFound(_ what: String) -> StateError {
        StateError(code: "notFound", message: "there is no \(what)", hint: nil)
    }

    /// A job can't go from one state to another.
    static func wrongTransition(_ job: JobID, from old: JobState, to new: JobState) -> StateError {
        StateError(
            code: "wrongJobState",
            message: "job \(job) is \(old.rawValue) and can't become \(new.rawValue)",
            hint: nil
        )
    }

    /// A record holds something this version can't read.
    static func unreadable(_ what: String) -> StateError {
        StateError(
            code: "stateUnreadable",
            message: "the state file holds \(what) that this version can't read",
            hint: "Was a newer recyclicd running here? Install that version again."
        )
    }
}
