/// What a drill says about a backup.
package enum DrillVerdict: String, Sendable, Hashable, CaseIterable, Codable {
    /// It was restored, a server ran on it, and every check that could be made was good.
    case passed
    /// The backup, or what was restored from it, is bad.
    case failed
    /// The drill could not be made for a reason that is not the backup's: a missing binary, locale or right.
    case cannotJudge
}
