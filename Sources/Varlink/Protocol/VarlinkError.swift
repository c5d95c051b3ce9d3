/// An error as it travels: a name `interface.Error` with parameters.
///
/// A handler throws one to answer with it; the client throws one when the service answered with an error.
package struct VarlinkError: Error, Sendable, Hashable {
    /// The full name, such as `org.varlink.service.MethodNotFound`.
    package let name: String
    /// The error's parameters, by name.
    package let parameters: [String: JSONValue]

    /// An error with its parameters spelled out.
    package init(name: String, parameters: [String: JSONValue] = [:]) {
        self.name = name
        self.parameters = parameters
    }

    /// An error whose parameters are the members of a message type.
    ///
    /// What cannot be encoded, or is not an object, becomes no parameters: an error must not fail while it is made.
    package init(name: String, parameters: some Encodable) {
        self.init(name: name, parameters: (try? JSONValue(encoding: parameters))?.objectValue ?? [:])
    }

    /// Reads the parameters as a message type.
    package func decodeParameters<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
        try JSONValue.object(parameters).decode(type)
    }
}

extension VarlinkError: CustomStringConvertible {
    package var description: String {
        parameters.isEmpty ? name : "\(name) \(JSONValue.object(parameters))"
    }
}

/// An error of the application's own that knows its form on the wire.
package protocol VarlinkErrorConvertible: Error {
    /// What the client is told.
    var varlinkError: VarlinkError { get }
}
