import Glibc

/// The arguments that this process was started with, as `ps` shows them to everybody.
enum ProcessArguments {
    /// Overwrites what stands between `://` and `@` in each of them: a user's name, and a password perhaps.
    static func hidePasswords() {
        for index in 1..<max(1, Int(CommandLine.argc)) {
            guard let argument = CommandLine.unsafeArgv[index] else { continue }
            let length = strlen(argument)
            let bytes = UnsafeMutableBufferPointer(start: argument, count: length)
            guard let at = bytes.lastIndex(of: CChar(UInt8(ascii: "@"))), let start = strstr(argument, "://") else {
                continue
            }
            let first = start - argument + 3
            guard first < at else { continue }
            for position in first..<at { bytes[position] = CChar(UInt8(ascii: "*")) }
        }
    }
}
