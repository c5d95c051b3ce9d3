import Glibc

/// A folder for temporary files, removed with all it holds when the last reference goes.
final class ScratchFolder: Sendable {
    /// Its path.
    let path: String

    /// - Parameter parent: An existing folder on a disk with room.
    /// - Throws: ``RepositoryError``.
    init(in parent: String) throws {
        var template = Array("\(parent)/scratch-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) } != nil
        }
        guard made else { throw RepositoryError(errno: errno, "make a folder in", path: parent) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        removeTree(path)
    }

    /// The folder as an object store, for indexes that only one piece of work needs.
    var store: LocalObjectStore { LocalObjectStore(root: path) }
}

/// Removes a file, or a folder with all it holds; links are removed, not followed. What can't be removed stays.
func removeTree(_ path: String) {
    if unlink(path) == 0 { return }
    guard let stream = opendir(path) else { return }
    var names: [String] = []
    while let entry = readdir(stream) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        if name != "." && name != ".." { names.append(name) }
    }
    closedir(stream)
    for name in names { removeTree("\(path)/\(name)") }
    rmdir(path)
}
