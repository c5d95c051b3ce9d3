import Blocking

/// An archive from the server that is not what a PostgreSQL base backup sends.
package struct TarError: OperatorError, Equatable {
    /// What is wrong with the archive.
    package enum Reason: Sendable, Equatable {
        case headerChecksum
        case notUstar
        case number(field: String)
        case size
        case unsupportedType(UInt8)
        case emptyPath
        case dataAfterEnd
        case truncated
    }

    package var reason: Reason
    /// The member at which it happened, where its name is known.
    package var member: String?

    package init(_ reason: Reason, member: String? = nil) {
        self.reason = reason
        self.member = member
    }

    package var code: String { "archiveMalformed" }

    package var message: String {
        let what =
            switch reason {
            case .headerChecksum: "a header's checksum is wrong"
            case .notUstar: "a header is not in the ustar format"
            case .number(let field): "a header's field \"\(field)\" is not a number"
            case .size: "a header's size is out of range"
            case .unsupportedType(let type): "a member has the unexpected type \(type)"
            case .emptyPath: "a member has no name"
            case .dataAfterEnd: "there is data after the archive's end"
            case .truncated: "the archive ends too early"
            }
        guard let member else { return "the server sent a malformed archive: \(what)" }
        return "the server sent a malformed archive: \(what) at \"\(member)\""
    }

    package var hint: String? {
        "Run the backup again; if it happens again, look for a proxy between this host and the server."
    }
}
