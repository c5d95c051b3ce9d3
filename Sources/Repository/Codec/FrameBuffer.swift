/// Memory for a chunk or a frame that is used again and again, without ever being cleared.
///
/// It is Sendable because it may be handed from a thread to the next; it has one owner at a time, who alone touches it.
// The hand-over goes through a queue's lock, which orders one owner's writes before the next one's reads.
package final class FrameBuffer: @unchecked Sendable {
    private var storage: UnsafeMutableRawBufferPointer

    /// How many bytes are in use, from the beginning.
    package private(set) var count = 0

    /// - Parameter capacity: How many bytes to have ready; it grows when more are needed.
    package init(capacity: Int = 0) {
        storage = .allocate(byteCount: max(capacity, 1), alignment: 16)
    }

    deinit {
        storage.deallocate()
    }

    /// How many bytes fit without allocating.
    package var capacity: Int {
        storage.count
    }

    /// The bytes in use; valid until the buffer is changed or released, so never take them of a buffer that nothing holds.
    package var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: storage[..<count])
    }

    /// A copy of the bytes in use.
    package var array: [UInt8] {
        Array(bytes)
    }

    /// Forgets the bytes; keeps the memory.
    package func removeAll() {
        count = 0
    }

    /// Replaces the contents.
    ///
    /// - Parameters:
    ///   - capacity: How many bytes `fill` may write.
    ///   - fill: Writes to the beginning of the buffer it gets, which is at least `capacity` long, and gives how many
    ///     bytes it wrote. When it throws, the buffer is empty.
    package func fill(
        capacity: Int,
        _ fill: (UnsafeMutableRawBufferPointer) throws -> Int
    ) rethrows {
        count = 0
        if storage.count < capacity {
            storage.deallocate()
            storage = .allocate(byteCount: capacity, alignment: 16)
        }
        let written = try fill(storage)
        precondition((0...storage.count).contains(written), "more was written than there is room for")
        count = written
    }

    /// Replaces the contents with a copy of `source`, which must not be this buffer's own bytes.
    package func copy(_ source: UnsafeRawBufferPointer) {
        fill(capacity: source.count) {
            $0.copyMemory(from: source)
            return source.count
        }
    }

    /// Adds a copy of `source` at the end; `source` must not be this buffer's own bytes.
    package func append(_ source: UnsafeRawBufferPointer) {
        let length = count + source.count
        if storage.count < length {
            let larger = UnsafeMutableRawBufferPointer.allocate(
                byteCount: max(length, 2 * storage.count),
                alignment: 16
            )
            larger.copyMemory(from: bytes)
            storage.deallocate()
            storage = larger
        }
        storage.part(count, source.count).copyMemory(from: source)
        count = length
    }
}
