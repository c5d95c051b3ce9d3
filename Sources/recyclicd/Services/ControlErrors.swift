import Blocking
import ControlAPI
import Repository
import Varlink

/// The errors of the control interface.
enum ControlErrors {
    static func notFound(_ message: String, hint: String? = nil) -> VarlinkError {
        error(.notFound, Failure(code: "notFound", message: message, hint: hint))
    }

    static func invalid(_ message: String, hint: String? = nil) -> VarlinkError {
        error(.invalidArgument, Failure(code: "invalidArgument", message: message, hint: hint))
    }

    /// Runs `body`; a backup that is not there, or a name that fits several, is the caller's mistake.
    static func translating<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as RepositoryError {
            let failure = Failure(code: error.code, message: error.message, hint: error.hint)
            switch error.code {
            case "notFound": throw Self.error(.notFound, failure)
            case "ambiguousName": throw Self.error(.invalidArgument, failure)
            default: throw error
            }
        }
    }

    private static func error(_ name: ControlErrorName, _ failure: Failure) -> VarlinkError {
        VarlinkError(name: name.rawValue, parameters: failure)
    }
}
