/// A decoding failure in words: where and what.
package struct DecodingProblem: Sendable, Hashable, CustomStringConvertible {
    /// The path to the value, such as `backups.0.id`; empty for the whole.
    package let path: String
    /// What is wrong, as a clause.
    package let message: String

    /// - Parameter error: usually a `DecodingError`; any other becomes a message without a path.
    package init(_ error: any Error) {
        guard let context = (error as? DecodingError)?.context else {
            path = ""
            message = "\(error)"
            return
        }
        path = context.codingPath.map(\.stringValue).joined(separator: ".")
        message = context.debugDescription
    }

    package var description: String { path.isEmpty ? message : "\"\(path)\": \(message)" }
}

extension DecodingError {
    /// What every case carries; `nil` for a case that a later standard library adds.
    fileprivate var context: Context? {
        switch self {
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
            .dataCorrupted(let context):
            context
        @unknown default: nil
        }
    }
}
