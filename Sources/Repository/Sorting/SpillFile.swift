import Glibc

/// A temporary file without a name: it is gone when the last reference or the process is.
final class SpillFile {
    private let file: OpenFile
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
    private var buffered = 0
    private var flushed: Int64 = 0

    /// - Parameter folder: Where it takes its space; on the disk, not in memory.
    init(folder: String) throws {
        let path = "\(folder)/spill-\(getpid())-\(UInt64.random(in: .min ... .max))"
        do {
            file = try OpenFile.open(path, O_RDWR | O_CREAT | O_EXCL)
        } catch {
            buffer.deallocate()
            throw error
        }
        unlink(path)
    }

    deinit {
        buffer.deallocate()
    }

    /// How many bytes have been appended.
    var count: Int64 {
        flushed + Int64(buffered)
    }

    /// Adds bytes at the end.
    func append(_ bytes: UnsafeRawBufferPointer) throws {
        if bytes.count > buffer.count - buffered { try flush() }
        if bytes.count >= buffer.count {
            try file.write(bytes)
            flushed += Int64(bytes.count)
        } else {
            buffer.part(buffered, bytes.count).copyMemory(from: bytes)
            buffered += bytes.count
        }
    }

    /// Fills `target` from `offset` on; everything asked for must have been appended.
    func read(at offset: Int64, into target: UnsafeMutableRawBufferPointer) throws {
        if offset + Int64(target.count) > flushed { try flush() }
        guard try file.read(at: offset, into: target) == target.count else {
            throw RepositoryError(.inputOutput, "temporary file '\(file.path)' ends early")
        }
    }

    private func flush() throws {
        let length = buffered
        buffered = 0
        try file.write(UnsafeRawBufferPointer(rebasing: buffer[..<length]))
        flushed += Int64(length)
    }
}
