import Foundation

/// The interpreter with the packages that the peers need: `RECYCLIC_TEST_PYTHON`, or the one that `make setup-test` makes.
enum Python {
    static func path() throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let standard = root.appending(path: ".build/venv/bin/python").path(percentEncoded: false)
        let path = ProcessInfo.processInfo.environment["RECYCLIC_TEST_PYTHON"] ?? standard
        guard FileManager.default.isExecutableFile(atPath: path),
            try Program.run(path, ["-c", "import aiosmtpd"]).status == 0
        else {
            throw TestSupportError(
                "the mail server of the tests needs Python with aiosmtpd 1.4.6, but \"\(path)\" is not there or lacks it: "
                    + "run \"make setup-test\", or name another interpreter in RECYCLIC_TEST_PYTHON"
            )
        }
        return path
    }
}
