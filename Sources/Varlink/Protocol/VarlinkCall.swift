/// A call message: what a client sends.
package struct VarlinkCall: Sendable, Hashable {
    /// The full name, `interface.Method`.
    package var method: String
    /// The input, by name.
    package var parameters: [String: JSONValue]
    /// The client wants no reply, not even an error.
    package var oneway: Bool
    /// The client takes more than one reply.
    package var more: Bool
    /// The client wants to change to another protocol; our server refuses it.
    package var upgrade: Bool

    package init(
        method: String,
        parameters: [String: JSONValue] = [:],
        oneway: Bool = false,
        more: Bool = false,
        upgrade: Bool = false
    ) {
        self.method = method
        self.parameters = parameters
        self.oneway = oneway
        self.more = more
        self.upgrade = upgrade
    }

    /// The part of ``method`` before the last dot; empty when there is none.
    package var interfaceName: String {
        method.lastIndex(of: ".").map { String(method[..<$0]) } ?? ""
    }

    /// The part of ``method`` after the last dot.
    package var methodName: String {
        method.lastIndex(of: ".").map { String(method[method.index(after: $0)...]) } ?? method
    }
}

extension VarlinkCall {
    /// Reads a call from one message, without its final NUL.
    package init(parsing message: [UInt8]) throws(VarlinkProtocolError) {
        let members = try VarlinkProtocolError.object(message)
        guard let method = members["method"]?.stringValue else {
            throw VarlinkProtocolError(message: "a call without \"method\"")
        }
        self.init(
            method: method,
            parameters: try VarlinkProtocolError.parameters(members),
            oneway: try VarlinkProtocolError.flag("oneway", members),
            more: try VarlinkProtocolError.flag("more", members),
            upgrade: try VarlinkProtocolError.flag("upgrade", members)
        )
    }

    /// The message as bytes with its final NUL. Flags that are false are left out: some servers take their mere presence
    /// for true.
    package var serialized: [UInt8] {
        var members: [String: JSONValue] = ["method": .string(method)]
        if !parameters.isEmpty { members["parameters"] = .object(parameters) }
        if oneway { members["oneway"] = true }
        if more { members["more"] = true }
        if upgrade { members["upgrade"] = true }
        return JSONValue.object(members).serialized + [0]
    }
}
