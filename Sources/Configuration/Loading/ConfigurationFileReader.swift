import Glibc

/// How the loader gets at files; tests give it one that reads from memory.
package struct ConfigurationFileReader: Sendable {
    /// A file's bytes and permission bits.
    package struct Contents: Sendable {
        package let bytes: [UInt8]
        /// The low 12 bits of `st_mode`.
        package let mode: UInt32

        package init(bytes: [UInt8], mode: UInt32) {
            self.bytes = bytes
            self.mode = mode
        }
    }

    /// Why a file could not be read.
    package enum Failure: Error, Hashable {
        /// Nothing has that path.
        case missing
        /// It is there; the reason is the operating system's or ours, in words.
        case unreadable(reason: String)
    }

    /// A configuration file is read up to 1 MiB; a larger one is surely something else.
    package static let maximumBytes = 1 << 20

    /// Reads a whole file.
    package let read: @Sendable (_ path: String) throws(Failure) -> Contents

    package init(read: @escaping @Sendable (_ path: String) throws(Failure) -> Contents) {
        self.read = read
    }

    /// Reads from the disk. Blocks, for at most `maximumBytes`.
    package static let disk = ConfigurationFileReader(read: readFromDisk)

    @Sendable private static func readFromDisk(_ path: String) throws(Failure) -> Contents {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw errno == ENOENT ? .missing : .unreadable(reason: reason(errno))
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .unreadable(reason: reason(errno)) }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw .unreadable(reason: "is a directory") }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                throw .unreadable(reason: reason(errno))
            }
            bytes += buffer[..<count]
            guard bytes.count <= maximumBytes else { throw .unreadable(reason: "is larger than 1 MiB") }
        }
        return Contents(bytes: bytes, mode: UInt32(status.st_mode & 0o7777))
    }

    private static func reason(_ code: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
        return buffer.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    }
}
