import Foundation
import TestSupport

/// The Python package `varlink`, the implementation that ours must get along with.
enum ReferenceImplementation {
    /// The interpreter that has the package: `RECYCLIC_TEST_PYTHON`, or the one that `make setup` installs.
    static func python() throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let standard = root.appending(path: ".build/venv/bin/python").path(percentEncoded: false)
        let path = ProcessInfo.processInfo.environment["RECYCLIC_TEST_PYTHON"] ?? standard
        guard
            FileManager.default.isExecutableFile(atPath: path),
            try Program.run(path, ["-c", "import varlink"]).status == 0
        else { throw Missing(path: path) }
        return path
    }

    struct Missing: Error, CustomStringConvertible {
        let path: String

        var description: String {
            "The certification needs Python with the package varlink 31.0.0, but \"\(path)\" is not there or lacks it:"
                + " python3 -m venv .build/venv && .build/venv/bin/pip install varlink==31.0.0,"
                + " or name another interpreter in RECYCLIC_TEST_PYTHON."
        }
    }

    static let certification = ["-m", "varlink.tests.test_certification"]
}
