/// A message that is not Varlink. The connection it came from is of no further use.
package struct VarlinkProtocolError: Error, Hashable, CustomStringConvertible {
    /// What is wrong, as a clause.
    package let message: String

    package init(message: String) { self.message = message }

    package var description: String { message }
}

extension VarlinkProtocolError {
    /// The members of a message.
    static func object(_ message: [UInt8]) throws(VarlinkProtocolError) -> [String: JSONValue] {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: message)
        } catch {
            throw VarlinkProtocolError(message: "not JSON: \(error)")
        }
        guard let members = value.objectValue else { throw VarlinkProtocolError(message: "not a JSON object") }
        return members
    }

    /// The member `parameters`, which may be absent.
    static func parameters(_ members: [String: JSONValue]) throws(VarlinkProtocolError) -> [String: JSONValue] {
        switch members["parameters"] {
        case nil, .null: return [:]
        case .object(let parameters): return parameters
        default: throw VarlinkProtocolError(message: "\"parameters\" is not an object")
        }
    }

    /// A flag, which may be absent.
    static func flag(_ name: String, _ members: [String: JSONValue]) throws(VarlinkProtocolError) -> Bool {
        switch members[name] {
        case nil, .null: return false
        case .bool(let value): return value
        default: throw VarlinkProtocolError(message: "\"\(name)\" is not a bool")
        }
    }
}
