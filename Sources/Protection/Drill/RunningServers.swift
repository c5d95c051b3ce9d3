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
    ///
    /// Not counted are those of our own user that are mounted read-only for us, as another instance's drill is in a unit's
    /// sandbox: what we start can't write there either.
    static func owners(outside folder: String) -> Set<uid_t> {
        let dangerous = list().filter { !$0.directory.hasPrefix("\(folder)/") && !isOutOfReach($0) }
        return Set(dangerous.map(\.uid))
    }

    private static func isOutOfReach(_ process: Process) -> Bool {
        process.uid == geteuid() && Folders.isOnReadOnlyMount(process.directory)
    }

    /// What works in this data directory, or was told it and may be on its way there: the server's own processes, also of one
    /// that has lost its directory, and the programs that were to start it.
    ///
    /// Others may look into the directory meanwhile, an operator's shell, say: only what a drill starts counts.
    ///
    /// - Parameter users: Whose processes count.
    static func processes(of directory: String, users: Set<uid_t>) -> (servers: [pid_t], guards: [pid_t]) {
        guard let names = try? Folders.names(in: "/proc") else { return ([], []) }
        var servers: [pid_t] = []
        var guards: [pid_t] = []
        for pid in names.compactMap({ pid_t($0) }) where pid != getpid() {
            var status = stat()
            guard stat("/proc/\(pid)", &status) == 0, users.contains(status.st_uid) else { continue }
            let isThere = workingDirectory(of: pid).map { $0 == directory || $0 == "\(directory) (deleted)" } ?? false
            let arguments = arguments(of: pid)
            guard isThere || arguments.contains(where: { mentions($0, directory) }), sees(directory, pid) else {
                continue
            }
            let name = name(of: pid)
            if name == "postgres" {
                servers.append(pid)
            } else if name.hasPrefix("pg_") || !ConfinedCommand.names.isDisjoint(with: arguments) {
                guards.append(pid)
            }
        }
        return (servers, guards)
    }

    /// Whether an argument is this directory or something in it, by itself or as an option's value.
    private static func mentions(_ argument: Substring, _ directory: String) -> Bool {
        let value = argument.hasPrefix("-") ? argument.drop { $0 != "/" } : argument
        return value == directory || value.hasPrefix("\(directory)/")
    }

    /// Whether a process finds the same directory by that path as we do: in a container it may find another one.
    private static func sees(_ directory: String, _ pid: pid_t) -> Bool {
        var (ours, theirs) = (stat(), stat())
        let isHere = stat(directory, &ours) == 0
        guard stat("/proc/\(pid)/root\(directory)", &theirs) == 0 else {
            // Of a process that we may not look into we can't tell; ending it would fail as well.
            return errno == EACCES || !isHere
        }
        return isHere && ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino
    }

    private static func arguments(of pid: pid_t) -> [Substring] {
        text(of: pid, "cmdline").split(separator: "\0")
    }

    private static func name(of pid: pid_t) -> Substring {
        text(of: pid, "comm").prefix { !$0.isNewline }
    }

    private static func text(of pid: pid_t, _ file: String) -> String {
        (try? Folders.text(of: "/proc/\(pid)/\(file)")) ?? ""
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
