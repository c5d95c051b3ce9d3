import ControlAPI
import Varlink

/// The daemon, reached over its control socket; its errors become ``CommandFailure``.
struct Daemon {
    private let client: VarlinkClient
    private let options: ConnectionOptions

    /// Connects.
    init(_ options: ConnectionOptions) throws {
        self.options = options
        do {
            client = try VarlinkClient(path: options.socketPath)
        } catch {
            throw Self.failure(error, options)
        }
    }

    /// Calls a method and waits for its reply.
    func call<Method: ControlMethod>(_ method: Method.Type, _ input: Method.Input) throws -> Method.Output {
        try translated { try client.call(method.qualifiedName, input, as: method.Output.self) }
    }

    /// Calls a method that shows its progress, and waits for its last reply.
    func follow<Method: ControlMethod>(
        _ method: Method.Type,
        _ input: Method.Input,
        onProgress: (Method.Output) -> Void
    ) throws -> Method.Output {
        try translated {
            try client.callMore(method.qualifiedName, input, as: method.Output.self) { onProgress($0) }
        }
    }

    private func translated<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as VarlinkError {
            throw CommandFailure(Self.failure(error), asJSON: options.json)
        } catch let error as VarlinkConnectionError {
            throw Self.failure(error, options)
        }
    }

    private static func failure(_ error: VarlinkError) -> Failure {
        if let failure = try? error.decodeParameters(as: Failure.self) { return failure }
        switch error.name {
        case "org.varlink.service.InvalidParameter":
            let name = error.parameters["parameter"]?.stringValue ?? "a parameter"
            return Failure(code: "invalidArgument", message: "the daemon does not accept the value of \"\(name)\"")
        case "org.varlink.service.MethodNotFound", "org.varlink.service.MethodNotImplemented":
            return Failure(
                code: "unknownMethod",
                message: "the daemon is older than this recyclicctl and does not know this command",
                hint: "Restart it after the upgrade: systemctl restart recyclicd"
            )
        case "org.varlink.service.PermissionDenied":
            return Failure(
                code: "permissionDenied",
                message: "the daemon does not let this user do that",
                hint: "Run with sudo, or as a member of the group recyclic."
            )
        default:
            return Failure(code: "unexpected", message: "the daemon answered with \(error)")
        }
    }

    private static func failure(_ error: VarlinkConnectionError, _ options: ConnectionOptions) -> CommandFailure {
        let failure =
            switch error.code {
            case .notFound, .refused:
                Failure(
                    code: "notRunning",
                    message: "\(options.unit) is not running (nobody listens at \"\(options.socketPath)\")",
                    hint: "systemctl start \(options.unit)"
                )
            case .permissionDenied:
                Failure(
                    code: "permissionDenied",
                    message: "this user may not use \"\(options.socketPath)\"",
                    hint: "Run with sudo, or as a member of the group recyclic."
                )
            case .closed:
                Failure(
                    code: "connectionClosed",
                    message: "\(options.unit) closed the connection",
                    hint: "journalctl -u \(options.unit) -n 50"
                )
            default:
                Failure(
                    code: error.code.rawValue,
                    message: error.message,
                    hint: error.hint
                )
            }
        return CommandFailure(failure, exitCode: ExitStatus.unreachable, asJSON: options.json)
    }
}
