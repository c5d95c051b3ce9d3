import Glibc

/// A list of paths on disk, looked up by number: a backup may have more files than memory has room for their names.
///
/// Adding is for one thread; looking up, once ``finish()`` was called, for any number of them.
final class PathSpool {
    private let names: OpenFile
    private let offsets: OpenFile
    private var pendingNames: [UInt8] = []
    private var pendingOffsets: [UInt8] = []
    private var end: UInt64 = 0
    /// How many paths there are.
    private(set) var count: UInt32 = 0

    /// - Parameter folder: Where its two files are made; the caller removes the folder.
    init(folder: String) throws {
        names = try OpenFile.open("\(folder)/paths", O_RDWR | O_CREAT | O_EXCL)
        offsets = try OpenFile.open("\(folder)/path-offsets", O_RDWR | O_CREAT | O_EXCL)
    }

    /// Adds a path's bytes and gives its number.
    func add(_ path: [UInt8]) throws -> UInt32 {
        guard count < .max else { throw RepositoryError(.invalidArgument, "more than \(UInt32.max) files") }
        withUnsafeBytes(of: end.littleEndian) { pendingOffsets.append(contentsOf: $0) }
        pendingNames.append(contentsOf: path)
        end += UInt64(path.count)
        count += 1
        if pendingNames.count >= 1 << 16 { try flush() }
        return count - 1
    }

    /// Writes what is still in memory.
    func finish() throws {
        withUnsafeBytes(of: end.littleEndian) { pendingOffsets.append(contentsOf: $0) }
        try flush()
    }

    /// The reader of the finished list.
    var reader: Reader { Reader(names: names, offsets: offsets) }

    private func flush() throws {
        try pendingNames.withUnsafeBytes { try names.write($0) }
        try pendingOffsets.withUnsafeBytes { try offsets.write($0) }
        pendingNames.removeAll(keepingCapacity: true)
        pendingOffsets.removeAll(keepingCapacity: true)
    }

    /// Looks paths up.
    struct Reader: Sendable {
        fileprivate let names: OpenFile
        fileprivate let offsets: OpenFile

        /// The path of a number that ``PathSpool/add(_:)`` gave.
        func path(_ number: UInt32) throws -> [UInt8] {
            var range: (UInt64, UInt64) = (0, 0)
            let read = try withUnsafeMutableBytes(of: &range) { try offsets.read(at: Int64(number) * 8, into: $0) }
            let (start, end) = (UInt64(littleEndian: range.0), UInt64(littleEndian: range.1))
            guard read == 16, start <= end else {
                throw RepositoryError(.damaged, "the list of paths '\(offsets.path)' was changed by someone else")
            }
            let length = Int(end - start)
            return try [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
                count = try names.read(at: Int64(start), into: UnsafeMutableRawBufferPointer(buffer))
            }
        }
    }
}
