import Glibc
import Synchronization

/// Objects as files below a local folder.
///
/// Every object is written under `tmp/`, synced, renamed, and its folder synced, so no object is ever seen half made.
package final class LocalObjectStore: ObjectStore {
    /// The folder, without a slash at the end.
    package let root: String
    private let counter = Mutex<UInt64>(0)

    /// - Parameter root: An existing folder.
    package init(root: String) {
        self.root = root.count > 1 && root.hasSuffix("/") ? String(root.dropLast()) : root
    }

    package func put(file: String, as name: String) throws {
        try OpenFile.open(file, O_RDONLY).sync()
        try move(file, to: name)
    }

    package func put(bytes: [UInt8], as name: String) throws {
        let file = try makeTemporary()
        do {
            let descriptor = try OpenFile.open(file, O_WRONLY)
            try bytes.withUnsafeBytes { try descriptor.write($0) }
            try descriptor.sync()
            try move(file, to: name)
        } catch {
            unlink(file)
            throw error
        }
    }

    package func open(_ name: String) throws -> any ObjectHandle {
        try LocalObjectHandle(name: name, descriptor: .open(path(name), O_RDONLY | O_NOFOLLOW))
    }

    package func list(_ prefix: String, _ body: (ListedObject) throws -> Void) throws {
        let folder = prefix.hasSuffix("/") ? String(prefix.dropLast()) : prefix
        try visit(folder, body)
    }

    package func size(of name: String) throws -> Int64 {
        var status = stat()
        guard lstat(path(name), &status) == 0 else { throw RepositoryError(errno: errno, "find", path: path(name)) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw RepositoryError(.damaged, "'\(path(name))' is not a file")
        }
        return Int64(status.st_size)
    }

    package func delete(_ name: String) throws {
        guard unlink(path(name)) == 0 else {
            if errno == ENOENT { return }
            throw RepositoryError(errno: errno, "delete", path: path(name))
        }
        try syncFolder(of: name)
    }

    package func makeTemporary() throws -> String {
        let folder = path("tmp")
        while true {
            let number = counter.withLock {
                $0 += 1
                return $0
            }
            let file = "\(folder)/\(getpid())-\(number)"
            let descriptor = Glibc.open(file, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
            if descriptor >= 0 {
                close(descriptor)
                return file
            }
            switch errno {
            case EEXIST, EINTR: continue
            case ENOENT where mkdir(folder, 0o700) == 0 || errno == EEXIST: continue
            default: throw RepositoryError(errno: errno, "make", path: file)
            }
        }
    }

    /// The path of an object.
    package func path(_ name: String) -> String {
        "\(root)/\(name)"
    }

    /// Renames a synced file to its final name and makes that durable.
    private func move(_ file: String, to name: String) throws {
        if try exists(name) {
            // The name tells what the bytes must be. Bytes that are not any more, or not all there, give way to the good ones.
            let hasDigest = ObjectName.digest(of: name) != nil
            if !hasDigest, try size(of: name) != OpenFile.open(file, O_RDONLY).size() {
                throw RepositoryError(.alreadyExists, "object '\(path(name))' exists with another size")
            }
            if try !hasDigest || isWhole(name) {
                unlink(file)
                return try syncFolder(of: name)
            }
        }
        if rename(file, path(name)) != 0 {
            guard errno == ENOENT else { throw RepositoryError(errno: errno, "write", path: path(name)) }
            try makeFolders(for: name)
            guard rename(file, path(name)) == 0 else {
                throw RepositoryError(errno: errno, "write", path: path(name))
            }
        }
        try syncFolder(of: name)
    }

    /// Whether an object's bytes have the digest that its name ends in.
    private func isWhole(_ name: String) throws -> Bool {
        let object = try OpenFile.open(path(name), O_RDONLY)
        var hash = DigestStream()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        var offset: Int64 = 0
        while true {
            let count = try object.read(at: offset, into: buffer)
            guard count > 0 else { break }
            hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            offset += Int64(count)
        }
        return ObjectName.digest(of: name) == hash.digest
    }

    /// Makes the folders that lead to an object, and syncs the folder each new one lies in.
    private func makeFolders(for name: String) throws {
        var folder = root
        for part in name.split(separator: "/").dropLast() {
            let parent = folder
            folder += "/\(part)"
            if mkdir(folder, 0o700) == 0 {
                try OpenFile.open(parent, O_RDONLY | O_DIRECTORY).sync()
            } else if errno != EEXIST {
                throw RepositoryError(errno: errno, "make the folder", path: folder)
            }
        }
    }

    private func syncFolder(of name: String) throws {
        let folder = name.split(separator: "/").dropLast().joined(separator: "/")
        let descriptor = try OpenFile.open(folder.isEmpty ? root : path(folder), O_RDONLY | O_DIRECTORY)
        try descriptor.sync()
    }

    /// Walks a folder depth first; at any moment as many folders are open as the path has parts.
    private func visit(_ folder: String, _ body: (ListedObject) throws -> Void) throws {
        let location = folder.isEmpty ? root : path(folder)
        guard let stream = opendir(location) else {
            if errno == ENOENT { return }
            throw RepositoryError(errno: errno, "list", path: location)
        }
        defer { closedir(stream) }
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                if errno != 0 { throw RepositoryError(errno: errno, "list", path: location) }
                return
            }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            let isTop = folder.isEmpty
            if name == "." || name == ".." || isTop && (name == "tmp" || name == "lock") { continue }
            let object = isTop ? name : "\(folder)/\(name)"
            var status = stat()
            guard lstat(path(object), &status) == 0 else {
                if errno == ENOENT { continue }
                throw RepositoryError(errno: errno, "find", path: path(object))
            }
            if status.st_mode & S_IFMT == S_IFDIR {
                try visit(object, body)
            } else {
                try body(ListedObject(name: object, size: Int64(status.st_size)))
            }
        }
    }
}

/// An object in a local folder, open for reading.
private final class LocalObjectHandle: ObjectHandle {
    let name: String
    let size: Int64
    private let descriptor: OpenFile

    init(name: String, descriptor: OpenFile) throws {
        self.name = name
        self.descriptor = descriptor
        size = try descriptor.size()
    }

    func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        try descriptor.read(at: offset, into: buffer)
    }
}
