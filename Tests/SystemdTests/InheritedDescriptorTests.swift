import Glibc
import Testing

@testable import Systemd

@Suite
struct InheritedDescriptorTests {
    @Test(
        arguments: [
            ([:], []),
            (["LISTEN_PID": "42", "LISTEN_FDS": "1"], [(3, "unknown")]),
            (
                ["LISTEN_PID": "42", "LISTEN_FDS": "2", "LISTEN_FDNAMES": "control:http"],
                [(3, "control"), (4, "http")]
            ),
            (
                ["LISTEN_PID": "42", "LISTEN_FDS": "3", "LISTEN_FDNAMES": ":b"],
                [(3, "unknown"), (4, "b"), (5, "unknown")]
            ),
            (["LISTEN_PID": "43", "LISTEN_FDS": "1"], []),
            (["LISTEN_FDS": "1"], []),
            (["LISTEN_PID": "42", "LISTEN_FDS": "x"], []),
            (["LISTEN_PID": "42", "LISTEN_FDS": "-1"], []),
            (["LISTEN_PID": "42", "LISTEN_FDS": "99999999"], []),
        ] as [([String: String], [(Int32, String)])]
    )
    func `The service manager's environment is read for our own process`(
        environment: [String: String],
        expected: [(Int32, String)]
    ) {
        let found = InheritedDescriptor.parse(environment, processID: 42)
        #expect(found.map(\.descriptor) == expected.map(\.0))
        #expect(found.map(\.name) == expected.map(\.1))
    }

    @Test(
        arguments: [
            ([], nil), (["unknown"], 3), (["recyclicd.socket"], 3), (["http", "control"], 4),
            (["control", "control2"], 3),
        ] as [([String], Int32?)]
    )
    func `The control socket is the one called so, or the only one`(names: [String], expected: Int32?) throws {
        #expect(try InheritedDescriptor.controlSocket(among: Self.descriptors(names))?.descriptor == expected)
    }

    @Test(arguments: [["a", "b"], ["control", "control"]])
    func `Several sockets of which none, or more than one, is called so are refused`(names: [String]) {
        let error = #expect(throws: ActivationError.self) {
            try InheritedDescriptor.controlSocket(among: Self.descriptors(names))
        }
        #expect(error?.description.contains("FileDescriptorName=control") == true)
    }

    private static func descriptors(_ names: [String]) -> [InheritedDescriptor] {
        InheritedDescriptor.parse(
            ["LISTEN_PID": "1", "LISTEN_FDS": "\(names.count)", "LISTEN_FDNAMES": names.joined(separator: ":")],
            processID: 1
        )
    }

    @Test
    func `The connections that wait at a socket are ended, and none is waited for`() throws {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        let listening = socket(AF_UNIX, type, 0)
        defer { close(listening) }
        // Without a path the kernel chooses a name (unix(7)).
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var length = socklen_t(MemoryLayout<sa_family_t>.size)
        let callers = (0..<2).map { _ in socket(AF_UNIX, type, 0) }
        defer { for caller in callers { close(caller) } }
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                #expect(bind(listening, address, length) == 0 && listen(listening, 5) == 0)
                length = socklen_t(MemoryLayout<sockaddr_un>.size)
                #expect(getsockname(listening, address, &length) == 0)
            }
        }
        let inherited = InheritedDescriptor(descriptor: listening, name: "control")
        #expect(inherited.closeWaiting() == 0)
        withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                for caller in callers { #expect(connect(caller, address, length) == 0) }
            }
        }
        #expect(inherited.closeWaiting() == 2)
        for caller in callers {
            var byte: UInt8 = 0
            #expect(recv(caller, &byte, 1, 0) == 0)
        }
        #expect(inherited.closeWaiting() == 0)
    }
}
