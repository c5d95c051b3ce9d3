import Configuration
import Foundation
import Glibc

/// The folders that the daemon works in.
enum Folders {
    /// Makes the runtime and the state folder where they are missing. Both may be passed through (0711), since a drill's
    /// server, which may run as another user, has its socket and its files below them; nobody else can list them.
    ///
    /// A state folder on a file system that has become read-only or fails will do: a daemon that does not run tells nobody of that.
    ///
    /// - Throws: ``FolderError``.
    static func prepare(_ paths: Settings.Paths) throws {
        for path in [paths.runtimeDirectory, paths.stateDirectory] {
            var isFolder: ObjCBool = false
            if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
                guard isFolder.boolValue else { throw FolderError(path: path, reason: "it is not a folder") }
            } else {
                do {
                    try FileManager.default.createDirectory(
                        atPath: path,
                        withIntermediateDirectories: true,
                        attributes: [.posixPermissions: 0o711]
                    )
                } catch {
                    // It may be there: a disk that fails does not say.
                    if errno == EIO && path == paths.stateDirectory { continue }
                    throw FolderError(path: path, reason: String(cString: strerror(errno)))
                }
            }
            guard access(path, W_OK | X_OK) == 0 || [EROFS, EIO].contains(errno) && path == paths.stateDirectory
            else {
                throw FolderError(path: path, reason: "this user may not write to it")
            }
        }
    }
}
