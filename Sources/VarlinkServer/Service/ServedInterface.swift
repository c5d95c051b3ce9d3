package import Varlink

/// An interface with the handlers that serve it.
///
/// ```swift
/// var interface = try ServedInterface(text)
/// interface.handle("Ping") { (input: PingInput, call) in PingOutput(pong: input.ping) }
/// ```
package struct ServedInterface: Sendable {
    typealias Handler = @Sendable (VarlinkServerCall) async throws -> [String: JSONValue]

    /// What the text says.
    package let description: InterfaceDescription
    /// The text itself, as `GetInterfaceDescription` gives it out.
    package let text: String
    private(set) var handlers: [String: Handler] = [:]

    /// - Parameter text: the interface's description.
    /// - Throws: the first mistake in it.
    package init(_ text: String) throws(IDLError) {
        self.text = text
        description = try InterfaceDescription(parsing: text)
    }

    /// Methods that are described but have no handler yet: calls to them answer `MethodNotImplemented`.
    package var unhandledMethods: [String] { description.methodNames.filter { handlers[$0] == nil } }

    /// Serves a method.
    ///
    /// The handler's task is cancelled when the client closes its connection or the server stops. What it throws is the
    /// reply: ``Varlink/VarlinkError`` and ``Varlink/VarlinkErrorConvertible`` as they say, others as the server's
    /// `mapError` says.
    ///
    /// - Parameters:
    ///   - method: its short name, which the description must declare (a precondition: both are our own).
    ///   - body: gets the decoded input and the call; returns the output of the only or last reply.
    package mutating func handle<Input: Decodable & Sendable, Output: Encodable & Sendable>(
        _ method: String,
        _ body: @escaping @Sendable (Input, VarlinkServerCall) async throws -> Output
    ) {
        handle(method) { call in try await body(try call.parameters(as: Input.self), call) }
    }

    /// Serves a method whose handler reads the parameters itself, or has none to read.
    package mutating func handle<Output: Encodable & Sendable>(
        _ method: String,
        _ body: @escaping @Sendable (VarlinkServerCall) async throws -> Output
    ) {
        precondition(description.method(method) != nil, "\"\(description.name)\" declares no method \"\(method)\"")
        handlers[method] = { call in try JSONValue(encoding: try await body(call)).objectValue ?? [:] }
    }
}
