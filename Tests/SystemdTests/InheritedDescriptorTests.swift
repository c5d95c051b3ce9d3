import Systemd
import Testing

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
}
