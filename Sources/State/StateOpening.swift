/// What was found when the state was opened, for the daemon to log.
package struct StateOpening: Sendable, Hashable {
    /// A file that could not be read.
    package struct SetAside: Sendable, Hashable {
        /// Where it lies now.
        package let path: String
        /// What was wrong with it.
        package let reason: String
    }

    /// The earlier state, if it could not be read; a new one was begun.
    package internal(set) var setAside: SetAside?
    /// Jobs the earlier process did not end.
    package let interruptedJobs: [JobID]
    /// Whether what is recorded outlives the process.
    package let isPersistent: Bool
}
