/// A method of `org.recyclic.Control`: its name and the shapes of call and reply, shared by client and server.
package protocol ControlMethod {
    /// The parameters of a call.
    associatedtype Input: Codable & Sendable
    /// The parameters of a reply.
    associatedtype Output: Codable & Sendable

    /// The method's name without the interface.
    static var name: String { get }
}

extension ControlMethod {
    /// The method's name with the interface, as it travels.
    package static var qualifiedName: String { "\(ControlInterface.name).\(name)" }
}
