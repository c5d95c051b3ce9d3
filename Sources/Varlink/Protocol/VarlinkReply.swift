/// A reply message: what a service answers.
package struct VarlinkReply: Sendable, Hashable {
    /// The output, or the error's parameters, by name.
    package var parameters: [String: JSONValue]
    /// Further replies to the same call follow.
    package var continues: Bool
    /// The full name of the error, when the call failed.
    package var error: String?

    package init(parameters: [String: JSONValue] = [:], continues: Bool = false, error: String? = nil) {
        self.parameters = parameters
        self.continues = continues
        self.error = error
    }

    /// The reply that carries `error`.
    package init(_ error: VarlinkError) {
        self.init(parameters: error.parameters, error: error.name)
    }
}

extension VarlinkReply {
    /// Reads a reply from one message, without its final NUL.
    package init(parsing message: [UInt8]) throws(VarlinkProtocolError) {
        let members = try VarlinkProtocolError.object(message)
        var error: String?
        switch members["error"] {
        case nil, .null: break
        case .string(let name): error = name
        default: throw VarlinkProtocolError(message: "\"error\" is not a string")
        }
        self.init(
            parameters: try VarlinkProtocolError.parameters(members),
            continues: try VarlinkProtocolError.flag("continues", members),
            error: error
        )
    }

    /// The message as bytes with its final NUL; `continues` is left out when it is false.
    package var serialized: [UInt8] {
        var members: [String: JSONValue] = ["parameters": .object(parameters)]
        if continues { members["continues"] = true }
        if let error { members["error"] = .string(error) }
        return JSONValue.object(members).serialized + [0]
    }
}
