/// Why something that was asked for is in memory only: it holds, is written down once that is possible, and is lost if the
/// process ends before.
package enum Unwritten: Sendable, Hashable {
    /// The state's disk has not answered in time.
    case silent
    /// The state can't be written, as on a full disk.
    case failing(reason: String)
}
