import Blocking

/// Why a restore can't begin or did not finish. Nothing of it is left under the target's name.
package struct RestoreError: OperatorError {
    private enum Base: String, Sendable {
        case targetNotEmpty
        case targetInvalid
        case ownerUnknown
        case ownerForbidden
        case noSpace
        case tablespaceNotEmpty
        case tablespaceUnknown
        case tablespaceInvalid
        case controlFileInvalid
        case backupUnusable
        case inputOutput
    }

    /// What kind of error it is; compare with the static members.
    package struct Code: Hashable, Sendable {
        private let base: Base

        private init(_ base: Base) { self.base = base }

        /// The word that `--json` output shows.
        package var word: String { base.rawValue }

        /// The target exists and holds something.
        package static let targetNotEmpty = Self(.targetNotEmpty)
        /// The target can't be a data directory: no absolute path, a mount point, inside the repository.
        package static let targetInvalid = Self(.targetInvalid)
        /// The user who is to own the files does not exist, or none was named and none is obvious.
        package static let ownerUnknown = Self(.ownerUnknown)
        /// Only root can give files to another user.
        package static let ownerForbidden = Self(.ownerForbidden)
        /// The target's file system is too small.
        package static let noSpace = Self(.noSpace)
        /// The place for a tablespace exists and holds something.
        package static let tablespaceNotEmpty = Self(.tablespaceNotEmpty)
        /// A mapping names a tablespace that the backup does not have.
        package static let tablespaceUnknown = Self(.tablespaceUnknown)
        /// A mapping is not `OLD=NEW`, or two of them lie in one another.
        package static let tablespaceInvalid = Self(.tablespaceInvalid)
        /// `global/pg_control` is not one of a supported server, or is damaged.
        package static let controlFileInvalid = Self(.controlFileInvalid)
        /// The backup lacks something without which it can't be restored.
        package static let backupUnusable = Self(.backupUnusable)
        /// The file system failed.
        package static let inputOutput = Self(.inputOutput)
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
}
