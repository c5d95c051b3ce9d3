import Foundation
import Glibc
import TestSupport

/// Where the programs under test are: `RECYCLIC_TEST_PROGRAMS`, else beside the test bundle, as the build leaves them.
enum Programs {
    /// The path of a program.
    ///
    /// - Throws: ``TestSupportError`` when it is not there: a test without it would prove nothing.
    static func path(_ name: String) throws -> String {
        let path = "\(folder)/\(name)"
        guard access(path, X_OK) == 0 else {
            throw TestSupportError("'\(path)' is missing: build it, or name its folder in RECYCLIC_TEST_PROGRAMS")
        }
        return path
    }

    private static var folder: String {
        let environment = ProcessInfo.processInfo.environment
        if let folder = environment["RECYCLIC_TEST_PROGRAMS"], !folder.isEmpty { return folder }
        // Depending on how the tests are run the executable is the bundle itself or a helper that loads it.
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? "/proc/self/exe"
        let executable = URL(fileURLWithPath: bundle).resolvingSymlinksInPath()
        return executable.deletingLastPathComponent().path
    }
}
