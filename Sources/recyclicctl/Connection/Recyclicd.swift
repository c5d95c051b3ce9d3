import ControlAPI
import Glibc

/// The daemon's program, for the subcommands of it that work without a running daemon.
enum Recyclicd {
    /// Becomes `recyclicd` with `arguments`; the first is the name it goes by. Returns only by throwing.
    ///
    /// It is looked for beside this program, then in `PATH`.
    static func replaceProcess(_ arguments: [String], asJSON: Bool) throws -> Never {
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
        pointers.append(nil)
        // A path that does not exist makes execv return, and the next way is tried. SIGPIPE was set to be ignored,
        // which a new program would inherit.
        signal(SIGPIPE, SIG_DFL)
        if let beside = siblingPath() { execv(beside, pointers) }
        execvp("recyclicd", pointers)
        let reason = String(cString: strerror(errno))
        throw CommandFailure(
            Failure(
                code: "programNotFound",
                message: "\"recyclicd\" could not be run: \(reason)",
                hint: "Install it beside recyclicctl or in a folder of PATH."
            ),
            asJSON: asJSON
        )
    }

    private static func siblingPath() -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/proc/self/exe", &buffer, buffer.count)
        guard length > 0, length < buffer.count else { return nil }
        let own = String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard let slash = own.lastIndex(of: "/") else { return nil }
        return own[...slash] + "recyclicd"
    }
}
