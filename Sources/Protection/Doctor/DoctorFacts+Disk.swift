extension DoctorFacts {
    /// A folder that recyclicd needs, and the disk it is on or would be on.
    package struct Folder: Sendable, Hashable {
        /// What is there.
        package enum Presence: Sendable, Hashable {
            /// A folder.
            case folder
            /// Nothing yet.
            case absent
            /// Something else than a folder, or something that can't be looked at; why.
            case unusable(String)
        }

        /// Where it is.
        package var path: String
        /// What is there.
        package var presence: Presence
        /// Whether our user may write to it or, when it is absent, make it.
        package var isWritable: Bool
        /// Whether that is so because what it lies on is mounted read-only for us, as a unit's sandbox does.
        package var isReadOnlyMount = false
        /// Whether a repository is in it already.
        package var holdsRepository = false
        /// The disk's number (`st_dev` of stat(2)).
        package var device: UInt64?
        /// Bytes that our user may still write to the disk.
        package var freeBytes: Int64?

        package init(path: String, presence: Presence, isWritable: Bool) {
            self.path = path
            self.presence = presence
            self.isWritable = isWritable
        }
    }

    /// The disk that the database lies on.
    package struct DatabaseDisk: Sendable, Hashable {
        /// The disk's number (`st_dev` of stat(2)).
        package var device: UInt64
        /// The folder that was looked at.
        package var path: String
        /// Whether it is the folder of Docker's volumes, where the database of a container probably lies.
        package var isGuess = false

        package init(device: UInt64, path: String, isGuess: Bool = false) {
            self.device = device
            self.path = path
            self.isGuess = isGuess
        }
    }
}
