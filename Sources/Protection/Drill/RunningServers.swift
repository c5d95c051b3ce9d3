import Glibc

/// The PostgreSQL servers that run on this machine, found by their working directory: a data directory holds PG_VERSION.
enum RunningServers {
    /// A process whose working directory is a data directory.
    struct Process: Hashable {
        let pid: pid_t
        let uid: uid_t
        let directory: String
    }

    /// All of them that we may see: root sees all, others their own.
    static func list() -> [Process] {
        guard let names = try? Folders.names(in: "/proc") else { return [] }
        return names.compactMap { pid_t($0) }.compactMap { pid in
            var status = stat()
            // Through the link, so that a container's server is seen too, whose path is another one here.
            guard stat("/proc/\(pid)", &status) == 0, access("/proc/\(pid)/cwd/PG_VERSION", F_OK) == 0,
                let directory = workingDirectory(of: pid)
            else { return nil }
            return Process(pid: pid, uid: status.st_uid, directory: directory)
        }
    }

    /// The owners of all data directories in use that do not lie below `folder`.
    static func owners(outside folder: String) -> Set<uid_t> {
        Set(list().filter { !$0.directory.hasPrefix("\(folder)/") }.map(\.uid))
    }

    /// The server processes that work in exactly this data directory.
    static func processes(in directory: String) -> [pid_t] {
        list().filter { $0.directory == directory && name(of: $0.pid) == "postgres" }.map(\.pid)
    }

    private static func name(of pid: pid_t) -> String? {
        try? Folders.text(of: "/proc/\(pid)/comm").map { String($0.prefix { !$0.isNewline }) }
    }

    private static func workingDirectory(of pid: pid_t) -> String? {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = bytes.withUnsafeMutableBytes { buffer in
            buffer.bindMemory(to: CChar.self).baseAddress.map { readlink("/proc/\(pid)/cwd", $0, buffer.count) } ?? -1
        }
        guard count > 0 else { return nil }
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
