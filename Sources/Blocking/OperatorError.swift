/// An error that tells the operator what happened and what to do.
package protocol OperatorError: Error, CustomStringConvertible, Sendable {
    /// A stable camelCase word, such as `repositoryLocked`; it is part of the `--json` output.
    var code: String { get }

    /// What happened, naming the thing in quotes; lower case, without a full stop.
    var message: String { get }

    /// A sentence that tells the operator what to do next, where there is something to do.
    var hint: String? { get }
}

extension OperatorError {
    /// The message and, in parentheses, the hint.
    package var description: String {
        guard let hint else { return message }
        return "\(message) (\(hint))"
    }
}
