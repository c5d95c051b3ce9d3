import Glibc

/// A bounded first-in, first-out queue between threads: putting waits for room, taking waits for an element.
///
/// The bound is what keeps memory constant when one side is faster than the other.
///
/// `@unchecked Sendable`: every access to the mutable state happens between `pthread_mutex_lock` and `unlock` of the
/// one mutex, which lives at a fixed address for the life of the object.
package final class BlockingQueue<Element: Sendable>: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let changed: UnsafeMutablePointer<pthread_cond_t>
    private var elements: [Element?]
    private var head = 0
    private var count = 0
    private var isFinished = false

    /// - Parameter capacity: How many elements may wait, at least 1.
    package init(capacity: Int) {
        precondition(capacity > 0, "a queue of capacity \(capacity) would never pass an element")
        elements = Array(repeating: nil, count: capacity)
        mutex = .allocate(capacity: 1)
        changed = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    /// Adds an element at the end; waits while the queue is full.
    ///
    /// - Returns: `false` when the queue was finished, and the element was dropped.
    @discardableResult
    package func put(_ element: Element) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while count == elements.count && !isFinished { pthread_cond_wait(changed, mutex) }
        guard !isFinished else { return false }
        elements[(head + count) % elements.count] = element
        count += 1
        pthread_cond_broadcast(changed)
        return true
    }

    /// Takes the oldest element; waits while the queue is empty.
    ///
    /// - Returns: `nil` once the queue is finished and empty.
    package func take() -> Element? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while count == 0 && !isFinished { pthread_cond_wait(changed, mutex) }
        guard count > 0 else { return nil }
        let element = elements[head]
        elements[head] = nil
        head = (head + 1) % elements.count
        count -= 1
        pthread_cond_broadcast(changed)
        return element
    }

    /// Lets takers have what is left, then `nil`; lets waiting and later `put`s return `false`.
    package func finish() {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        isFinished = true
        pthread_cond_broadcast(changed)
    }
}
