import ArgumentParser
import Glibc

/// Where the daemon is, and how to print: the options of every command.
struct ConnectionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The daemon's control socket.", valueName: "path"))
    var socket: String?

    @Option(help: ArgumentHelp("The instance, as in recyclicd@NAME.service.", valueName: "name"))
    var instance: String?

    @Flag(help: "Print JSON with stable keys instead of text.")
    var json = false

    func validate() throws {
        if let instance, instance.isEmpty || instance.utf8.contains(UInt8(ascii: "/")) {
            throw ValidationError("'\(instance)' is not an instance's name: it may not be empty or contain '/'")
        }
        if let socket, socket.isEmpty { throw ValidationError("--socket needs a path") }
    }

    /// The socket to use: `--socket`, then `--instance`, then `RECYCLIC_SOCKET`, then the default.
    var socketPath: String {
        if let socket { return socket }
        if let instance { return "/run/recyclic-\(instance)/control.socket" }
        if let path = getenv("RECYCLIC_SOCKET").map({ String(cString: $0) }), !path.isEmpty { return path }
        return "/run/recyclic/control.socket"
    }

    /// The unit that serves that socket.
    var unit: String { instance.map { "recyclicd@\($0)" } ?? "recyclicd" }
}
