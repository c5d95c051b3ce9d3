extension Settings {
    /// How many backups are kept of each kind; what is pinned, newest or last proven stays in any case.
    package struct Retention: Sendable, Equatable {
        /// The last backup of each of this many days, 0 to 3650.
        package let daily: Int
        /// The last backup of each of this many weeks, 0 to 520.
        package let weekly: Int
        /// The last backup of each of this many months, 0 to 240.
        package let monthly: Int
    }
}
