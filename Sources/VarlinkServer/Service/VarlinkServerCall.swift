package import Varlink

/// A call as its handler sees it.
package struct VarlinkServerCall: Sendable {
    /// The message; its parameters have been checked against the interface's description.
    package let message: VarlinkCall
    /// Who calls.
    package let peer: PeerCredentials
    /// Sends the replies before the last.
    package let replies: ReplyWriter

    /// Reads the parameters as a message type.
    ///
    /// - Throws: `InvalidParameter` naming the parameter that does not fit.
    package func parameters<Input: Decodable>(as type: Input.Type = Input.self) throws(VarlinkError) -> Input {
        do {
            return try JSONValue.object(message.parameters).decode(type)
        } catch {
            let path = DecodingProblem(error).path
            throw .invalidParameter(String(path.prefix { $0 != "." }))
        }
    }

    /// For methods that make sense only as a stream.
    ///
    /// - Throws: `ExpectedMore` when the call was made without `more`.
    package func requireMore() throws(VarlinkError) {
        guard message.more else { throw .expectedMore }
    }
}
