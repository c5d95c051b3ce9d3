/// Why a backup stays or goes.
package enum RetentionReason: Sendable, Hashable {
    /// It stands for a day, as `2026-11-21`.
    case daily(String)
    /// It stands for an ISO week, as `2026-W47`.
    case weekly(String)
    /// It stands for a month, as `2026-11`.
    case monthly(String)
    /// It is younger than so many days.
    case withinDays(Int)
    /// It is the newest of its cluster that can be restored whole.
    case newestRestorable
    /// None of its cluster is known to be good, and it is the newest with findings, or the newest damaged one.
    case bestAvailable
    /// It is the last of its cluster that a drill proved.
    case lastProved
    /// An operator pinned it.
    case pinned
    /// It is not finished.
    case running
    /// It is dated after now: a clock was wrong, and nothing is known of its age.
    case datedInFuture
    /// It goes: a newer or better backup stands for its day.
    case anotherStands(day: String, backupID: String)
    /// It goes: the policy's places are taken by others.
    case beyond(RetentionPolicy)

    /// In words, to be read after "kept: " or "removed: ".
    package var text: String {
        switch self {
        case .daily(let day): "daily \(day)"
        case .weekly(let week): "weekly \(week)"
        case .monthly(let month): "monthly \(month)"
        case .withinDays(let days): days == 1 ? "not older than 1 day" : "not older than \(days) days"
        case .newestRestorable: "newest restorable"
        case .bestAvailable: "best one there is"
        case .lastProved: "last one that a drill proved"
        case .pinned: "pinned"
        case .running: "not finished"
        case .datedInFuture: "dated in the future, its age is not known"
        case .anotherStands(let day, let id): "'\(id)' stands for \(day)"
        case .beyond(let policy): "older than \(policy.text)"
        }
    }
}
