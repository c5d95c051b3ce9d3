/// A connection to a Varlink service on a Unix socket, for programs that do one thing at a time.
///
/// It blocks: use it from a command line tool's main thread or a thread of its own. It holds one descriptor and starts
/// nothing, so it costs a short-lived program no start-up time.
///
/// After a ``VarlinkConnectionError`` the connection is closed and each further call throws
/// ``VarlinkConnectionError/Code/closed``; after a ``VarlinkError`` it can be used on.
package final class VarlinkClient {
    private var socket: ClientSocket?
    private let path: String

    /// Connects to the service listening at `path`.
    ///
    /// - Parameters:
    ///   - path: the socket's path, at most 107 bytes.
    ///   - timeout: how long to wait for the service to accept; a full backlog makes it wait.
    /// - Throws: a ``VarlinkConnectionError`` that tells apart what stood in the way.
    package init(path: String, timeout: Duration = .seconds(5)) throws(VarlinkConnectionError) {
        self.path = path
        socket = try ClientSocket(path: path, timeout: timeout)
    }

    /// Closes the connection; the service then stops a running call's stream.
    package func close() { socket = nil }

    // MARK: - Calls

    /// Calls a method and waits for its one reply.
    ///
    /// - Parameters:
    ///   - method: the full name, `interface.Method`.
    ///   - parameters: the input; any type that encodes as an object.
    ///   - type: the output's type; ``NoParameters`` when there is none.
    ///   - timeout: how long to wait for the reply; `nil` waits forever.
    /// - Throws: ``VarlinkError`` when the service answers with an error, ``VarlinkConnectionError`` otherwise.
    package func call<Output: Decodable>(
        _ method: String,
        _ parameters: some Encodable = NoParameters(),
        as type: Output.Type = NoParameters.self,
        timeout: Duration? = nil
    ) throws -> Output {
        try send(VarlinkCall(method: method, parameters: Self.object(parameters)), timeout: timeout)
        let reply = try receive(timeout: timeout)
        guard !reply.continues else {
            throw broken(.badReply, "\"\(method)\" answered with a stream that was not asked for")
        }
        return try decode(type, reply, method)
    }

    /// Calls a method that may answer more than once, and waits until its last reply.
    ///
    /// - Parameters:
    ///   - method: the full name, `interface.Method`.
    ///   - parameters: the input; any type that encodes as an object.
    ///   - type: the type of each reply.
    ///   - timeout: how long to wait for each reply; `nil` waits forever.
    ///   - onReply: gets each reply but the last. When it throws, the connection is closed and the error passed on.
    /// - Returns: the last reply.
    /// - Throws: ``VarlinkError``, ``VarlinkConnectionError``, and what `onReply` throws.
    @discardableResult
    package func callMore<Output: Decodable>(
        _ method: String,
        _ parameters: some Encodable = NoParameters(),
        as type: Output.Type,
        timeout: Duration? = nil,
        onReply: (Output) throws -> Void
    ) throws -> Output {
        try send(VarlinkCall(method: method, parameters: Self.object(parameters), more: true), timeout: timeout)
        while true {
            let reply = try receive(timeout: timeout)
            let output = try decode(type, reply, method)
            guard reply.continues else { return output }
            do {
                try onReply(output)
            } catch {
                close()
                throw error
            }
        }
    }

    /// Calls a method without waiting for anything: there is no reply, and nobody tells of an error.
    ///
    /// - Throws: ``VarlinkConnectionError`` when the call could not be sent.
    package func callOneway(
        _ method: String,
        _ parameters: some Encodable = NoParameters(),
        timeout: Duration? = .seconds(5)
    ) throws {
        try send(VarlinkCall(method: method, parameters: Self.object(parameters), oneway: true), timeout: timeout)
    }

    // MARK: - The service about itself

    /// What the service says about itself.
    package func information(timeout: Duration? = .seconds(5)) throws -> ServiceInformation {
        try call("org.varlink.service.GetInfo", as: ServiceInformation.self, timeout: timeout)
    }

    /// The description of an interface, as text.
    package func description(ofInterface interface: String, timeout: Duration? = .seconds(5)) throws -> String {
        let parameters = ["interface": interface]
        let reply = try call(
            "org.varlink.service.GetInterfaceDescription",
            parameters,
            as: [String: String].self,
            timeout: timeout
        )
        return reply["description"] ?? ""
    }

    // MARK: - Messages

    /// Sends one message as it is.
    package func send(_ call: VarlinkCall, timeout: Duration?) throws(VarlinkConnectionError) {
        guard socket != nil else { throw closed }
        do {
            try socket?.write(call.serialized, deadline: .after(timeout))
        } catch {
            close()
            throw error
        }
    }

    /// Takes one message. An error in it is thrown.
    package func receive(timeout: Duration?) throws -> VarlinkReply {
        let message: [UInt8]
        do {
            guard let next = try socket?.readMessage(deadline: .after(timeout)) else { throw closed }
            message = next
        } catch {
            close()
            throw error
        }
        let reply: VarlinkReply
        do {
            reply = try VarlinkReply(parsing: message)
        } catch {
            throw broken(.badReply, "the service at \"\(path)\" does not speak Varlink: \(error.message)")
        }
        if let name = reply.error { throw VarlinkError(name: name, parameters: reply.parameters) }
        return reply
    }

    private static func object(_ parameters: some Encodable) throws -> [String: JSONValue] {
        let value = try JSONValue(encoding: parameters)
        guard let members = value.objectValue else {
            let text = "call parameters must encode as an object, not \(value.kindName)"
            throw EncodingError.invalidValue(parameters, .init(codingPath: [], debugDescription: text))
        }
        return members
    }

    private func decode<Output: Decodable>(
        _ type: Output.Type,
        _ reply: VarlinkReply,
        _ method: String
    ) throws -> Output {
        do {
            return try JSONValue.object(reply.parameters).decode(type)
        } catch {
            // An unfinished stream would answer the next call: the connection cannot be used on.
            throw broken(
                .unexpectedType,
                "the reply of \"\(method)\" has an unexpected form: \(DecodingProblem(error))"
            )
        }
    }

    private var closed: VarlinkConnectionError {
        VarlinkConnectionError(code: .closed, message: "the connection to \"\(path)\" is closed")
    }

    private func broken(_ code: VarlinkConnectionError.Code, _ message: String) -> VarlinkConnectionError {
        close()
        return VarlinkConnectionError(
            code: code,
            message: message,
            hint: "Check that client and service are of the same version."
        )
    }
}
