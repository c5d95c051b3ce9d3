import Varlink

/// The interfaces of a service, and which handler a call goes to.
struct ServiceDirectory: Sendable {
    private let interfaces: [String: ServedInterface]

    /// `org.varlink.service` is added to `served`.
    init(information: ServiceInformation, served: [ServedInterface]) throws(IDLError) {
        var service = try ServedInterface(ServiceInterface.description)
        let all = [service] + served
        var information = information
        information.interfaces = all.map(\.description.name)
        let texts = Dictionary(all.map { ($0.description.name, $0.text) }) { first, _ in first }
        service.handle("GetInfo") { [information] _ in information }
        service.handle("GetInterfaceDescription") { (input: [String: String], _) in
            let name = input["interface"] ?? ""
            guard let text = texts[name] else { throw VarlinkError.interfaceNotFound(name) }
            return ["description": text]
        }
        interfaces = Dictionary(([service] + served).map { ($0.description.name, $0) }) { first, _ in first }
    }

    /// The handler for a call, its parameters checked.
    func handler(for call: VarlinkCall) throws(VarlinkError) -> ServedInterface.Handler {
        let name = call.interfaceName
        guard let interface = interfaces[name] else { throw .interfaceNotFound(name.isEmpty ? call.method : name) }
        let method = call.methodName
        guard interface.description.method(method) != nil else { throw .methodNotFound(method) }
        // No interface of ours changes to another protocol, which is what an upgrade asks for.
        guard let handler = interface.handlers[method], !call.upgrade else { throw .methodNotImplemented(method) }
        do {
            try interface.description.validateInput(call.parameters, ofMethod: method)
        } catch {
            throw .invalidParameter(error.parameter)
        }
        return handler
    }

    /// What is wrong with a reply of ours; `nil` when nothing is.
    func violation(in reply: VarlinkReply, to call: VarlinkCall) -> InterfaceDescription.Violation? {
        guard let description = interfaces[call.interfaceName]?.description else { return nil }
        do {
            if let error = reply.error {
                let own = description.name + "."
                // An error of another interface, such as `org.varlink.service`, is not described here.
                guard error.hasPrefix(own) else { return nil }
                try description.validateError(reply.parameters, ofError: String(error.dropFirst(own.count)))
            } else {
                try description.validateOutput(reply.parameters, ofMethod: call.methodName)
            }
            return nil
        } catch {
            return error
        }
    }
}
