import Blocking
import Glibc

/// What goes wrong with a repository: the file system beneath it, its contents, or another process in the way.
package struct RepositoryError: OperatorError {
    fileprivate enum Base: String, Sendable {
        case alreadyExists
        case ambiguousName
        case damaged
        case diskFull
        case folderNotEmpty
        case inputOutput
        case invalidArgument
        case notARepository
        case notFound
        case permissionDenied
        case readOnly
        case repositoryLocked
        case unsupportedFormat
    }

    /// What kind of error it is; compare with the static members.
    package struct Code: Hashable, Sendable {
        fileprivate let base: Base

        private init(_ base: Base) { self.base = base }

        /// The word that `--json` output shows.
        package var word: String { base.rawValue }

        /// An object of this name exists with other contents.
        package static let alreadyExists = Self(.alreadyExists)
        /// A short name fits several backups.
        package static let ambiguousName = Self(.ambiguousName)
        /// Bytes are not what they must be.
        package static let damaged = Self(.damaged)
        /// No space or quota left (ENOSPC, EDQUOT).
        package static let diskFull = Self(.diskFull)
        /// A repository was to be made in a folder that holds something else.
        package static let folderNotEmpty = Self(.folderNotEmpty)
        /// The device or file system failed (EIO and everything not named here).
        package static let inputOutput = Self(.inputOutput)
        /// The caller gave a value that can't be.
        package static let invalidArgument = Self(.invalidArgument)
        /// The folder is not a repository, or its description is damaged.
        package static let notARepository = Self(.notARepository)
        /// The named thing does not exist.
        package static let notFound = Self(.notFound)
        /// The process lacks a right (EACCES, EPERM).
        package static let permissionDenied = Self(.permissionDenied)
        /// The file system is mounted read-only.
        package static let readOnly = Self(.readOnly)
        /// Another process holds the lock.
        package static let repositoryLocked = Self(.repositoryLocked)
        /// The repository was written by a newer version.
        package static let unsupportedFormat = Self(.unsupportedFormat)
    }

    /// What kind of error it is.
    package let kind: Code
    package let message: String
    package let hint: String?

    package var code: String { kind.word }

    /// - Parameters:
    ///   - kind: What kind of error it is.
    ///   - message: What happened, lower case, without a full stop, naming the thing in quotes.
    ///   - hint: A sentence that tells the operator what to do.
    package init(_ kind: Code, _ message: String, hint: String? = nil) {
        self.kind = kind
        self.message = message
        self.hint = hint
    }

    /// The error of a failed system call.
    ///
    /// - Parameters:
    ///   - number: `errno` as the call left it.
    ///   - action: What was tried: `write`, `rename`.
    ///   - path: The file or folder.
    package init(errno number: Int32, _ action: String, path: String) {
        let text = String(cString: strerror(number))
        let message = "can't \(action) '\(path)': \(text)"
        switch number {
        case ENOSPC, EDQUOT:
            self.init(.diskFull, message, hint: "Free space on the file system that holds it, then run this again.")
        case EROFS:
            self.init(.readOnly, message, hint: "Mount the file system writable (mount -o remount,rw).")
        case EACCES, EPERM:
            self.init(.permissionDenied, message, hint: "Run this as the owner of the repository, or with sudo.")
        case ENOENT:
            self.init(.notFound, message)
        case EIO:
            self.init(.inputOutput, message, hint: "Look for errors of the disk in the kernel's log (journalctl -k).")
        default:
            self.init(.inputOutput, message)
        }
    }
}
