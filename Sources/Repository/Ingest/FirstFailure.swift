import Synchronization

/// The first error of several threads that work together; the later ones mostly follow from it.
final class FirstFailure: Sendable {
    private let state = Mutex<(any Error)?>(nil)
    private let flag = Atomic<Bool>(false)

    /// Keeps `error` if it is the first.
    ///
    /// - Returns: Whether it was.
    @discardableResult
    func set(_ error: any Error) -> Bool {
        state.withLock {
            guard $0 == nil else { return false }
            $0 = error
            flag.store(true, ordering: .releasing)
            return true
        }
    }

    /// Whether there was an error; costs no lock.
    var isSet: Bool { flag.load(ordering: .acquiring) }

    /// The first error.
    var error: (any Error)? { state.withLock { $0 } }
}
