import Glibc
import PostgresClient

/// What this machine tells; every call blocks.
enum LocalMachine {
    /// Whether a host's name has an address.
    static func lookUp(_ host: String) -> DoctorFacts.Resolution {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &found)
        if let found { freeaddrinfo(found) }
        guard code != 0 else { return .found }
        return .failed(String(cString: gai_strerror(code)).lowercased())
    }

    /// A user's name, or the number where there is none.
    static func userName(_ uid: uid_t) -> String {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16 << 10)
        guard getpwuid_r(uid, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return "\(uid)" }
        return String(cString: entry.pw_name)
    }

    private static func account(_ name: String) -> DrillUser.Account? {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16 << 10)
        guard getpwnam_r(name, &entry, &buffer, buffer.count, &found) == 0, found != nil else { return nil }
        return DrillUser.Account(name: name, uid: entry.pw_uid, gid: entry.pw_gid)
    }

    /// The unit that this process runs in, as its control group names it; `nil` when it runs in none.
    static func unit() -> String? {
        (try? Folders.text(of: "/proc/self/cgroup")).flatMap { serviceName(controlGroups: $0) }
    }

    /// The unit in a control group's path such as `0::/system.slice/recyclicd.service` (cgroups(7)).
    static func serviceName(controlGroups text: String) -> String? {
        text.split(separator: "\n").lazy
            .compactMap { $0.split(separator: "/").last { $0.hasSuffix(".service") } }
            .first.map(String.init)
    }

    // MARK: - Disks

    /// A folder, and the disk it is on or, when it is absent, would be on.
    static func folder(_ path: String) -> DoctorFacts.Folder {
        var status = stat()
        var folder: DoctorFacts.Folder
        var nearest = path
        if stat(path, &status) == 0 {
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            folder = DoctorFacts.Folder(
                path: path,
                presence: isFolder ? .folder : .unusable("it is not a folder"),
                isWritable: isFolder && access(path, R_OK | W_OK | X_OK) == 0
            )
            folder.isReadOnlyMount = Folders.isOnReadOnlyMount(path)
            folder.holdsRepository = access(path + "/recyclic-repository.json", F_OK) == 0
        } else if errno == ENOENT {
            repeat { nearest = parent(nearest) } while stat(nearest, &status) != 0 && errno == ENOENT && nearest != "/"
            let isWritable = status.st_mode & S_IFMT == S_IFDIR && access(nearest, W_OK | X_OK) == 0
            folder = DoctorFacts.Folder(path: path, presence: .absent, isWritable: isWritable)
            folder.isReadOnlyMount = Folders.isOnReadOnlyMount(nearest)
        } else {
            let reason = String(cString: strerror(errno)).lowercased()
            return DoctorFacts.Folder(path: path, presence: .unusable(reason), isWritable: false)
        }
        folder.device = UInt64(status.st_dev)
        var disk = statvfs()
        if statvfs(nearest, &disk) == 0 {
            let bytes = UInt64(disk.f_bavail).multipliedReportingOverflow(by: UInt64(disk.f_frsize))
            folder.freeBytes = bytes.overflow ? .max : Int64(clamping: bytes.partialValue)
        }
        return folder
    }

    private static func parent(_ path: String) -> String {
        let parts = path.split(separator: "/").dropLast()
        return "/" + parts.joined(separator: "/")
    }

    /// The disk of a data directory, as far as it can be told from outside.
    ///
    /// - Parameters:
    ///   - directory: The path as the server knows it.
    ///   - mayBeContainer: Whether the server may run in a container, whose paths are not ours.
    static func databaseDisk(_ directory: String, mayBeContainer: Bool) -> DoctorFacts.DatabaseDisk? {
        var status = stat()
        if stat(directory, &status) == 0 {
            return DoctorFacts.DatabaseDisk(device: UInt64(status.st_dev), path: directory)
        }
        let volumes = "/var/lib/docker"
        guard mayBeContainer, stat(volumes, &status) == 0 else { return nil }
        return DoctorFacts.DatabaseDisk(device: UInt64(status.st_dev), path: volumes, isGuess: true)
    }

    // MARK: - Drills

    /// As whom a drill would run, by the drill's own rule.
    static func drillIdentity(_ setup: DoctorSetup) -> DoctorFacts.DrillIdentity {
        var owners = RunningServers.owners(outside: setup.drillDirectory)
        if setup.connection.isLocalSocket {
            // The server made its socket, so it belongs to the user it runs as.
            var status = stat()
            let socket = "\(setup.connection.host)/.s.PGSQL.\(setup.connection.port)"
            if stat(socket, &status) == 0 { owners.insert(status.st_uid) }
        }
        let situation = DrillUser.Situation(
            uid: geteuid(),
            asked: setup.drillUser,
            ownersOfData: owners,
            account: account,
            canConfine: { ConfinedCommand.canConfine(in: "/tmp") }
        )
        do {
            switch try DrillUser.choose(situation) {
            case .switching(let name, _, _): return .user(name)
            case .ourselves: return .user(userName(geteuid()))
            case .confined: return .confined
            }
        } catch let obstacle as DrillObstacle {
            return .none(reason: obstacle.reason, hints: obstacle.hints)
        } catch {
            return .unknown
        }
    }
}
