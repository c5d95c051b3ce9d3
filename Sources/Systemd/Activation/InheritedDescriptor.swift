import Glibc

/// A descriptor that the service manager opened for this process (sd_listen_fds(3)).
package struct InheritedDescriptor: Sendable, Hashable {
    /// The descriptor.
    package let descriptor: Int32
    /// Its name from `FileDescriptorName=` of the socket unit; `unknown` when none was given.
    package let name: String

    /// What `FileDescriptorName=` calls the control socket.
    package static let controlName = "control"

    /// The first one handed over; those before are standard input, output and error.
    private static let first: Int32 = 3
    /// More than this is a mistake in the environment.
    private static let maximumCount: Int32 = 1024

    /// What `LISTEN_PID`, `LISTEN_FDS` and `LISTEN_FDNAMES` in `environment` say about the process `processID`: nothing
    /// when they are absent, malformed or meant for another process.
    package static func parse(_ environment: [String: String], processID: Int32) -> [InheritedDescriptor] {
        guard
            environment["LISTEN_PID"].flatMap({ Int32($0) }) == processID,
            let count = environment["LISTEN_FDS"].flatMap({ Int32($0) }),
            (1...maximumCount).contains(count)
        else { return [] }
        let names = environment["LISTEN_FDNAMES"].map {
            $0.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        }
        return (0..<count).map { index in
            let name = names.flatMap { Int(index) < $0.count ? $0[Int(index)] : nil } ?? ""
            return InheritedDescriptor(descriptor: first + index, name: name.isEmpty ? "unknown" : name)
        }
    }

    /// Those of this process, set to be closed in the programs it starts. Call it early, before programs are started.
    package static func ofThisProcess() -> [InheritedDescriptor] {
        var environment: [String: String] = [:]
        for name in ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"] {
            if let value = getenv(name) { environment[name] = String(cString: value) }
        }
        let all = parse(environment, processID: getpid())
        for inherited in all { _ = fcntl(inherited.descriptor, F_SETFD, FD_CLOEXEC) }
        return all
    }

    /// The one that is the control socket: the one called so, or the only one there is; `nil` when there is none.
    ///
    /// - Throws: ``ActivationError`` when there are several, and not exactly one of them is called so.
    package static func controlSocket(
        among descriptors: [InheritedDescriptor]
    ) throws(ActivationError) -> InheritedDescriptor? {
        let named = descriptors.filter { $0.name == controlName }
        if named.count == 1 { return named[0] }
        guard descriptors.count > 1 else { return descriptors.first }
        throw ActivationError(names: descriptors.map(\.name))
    }

    /// Accepts the connections that wait at this socket, and closes them. It waits for none.
    ///
    /// - Returns: How many there were.
    @discardableResult
    package func closeWaiting() -> Int {
        var count = 0
        // Asked first, for accept(2) waits where the socket was not made to return at once.
        while DescriptorReadiness.isReady(descriptor, for: POLLIN) {
            let connection = accept(descriptor, nil, nil)
            if connection >= 0 {
                close(connection)
                count += 1
            } else if errno != EINTR && errno != ECONNABORTED {
                break
            }
        }
        return count
    }
}
