import Synchronization

/// A flag that asks blocking work to stop; shared between the task that asks and the threads that do the work.
///
/// Once set it stays set. Work looks at it between steps that take less than a second each.
package final class CancellationFlag: Sendable {
    private let flag = Atomic<Bool>(false)

    package init() {}

    /// Asks the work to stop.
    package func cancel() {
        flag.store(true, ordering: .releasing)
    }

    /// Whether the work was asked to stop.
    package var isCancelled: Bool {
        flag.load(ordering: .acquiring)
    }

    /// Throws `CancellationError` once the work was asked to stop.
    package func check() throws {
        if isCancelled { throw CancellationError() }
    }
}
