/// The service manager handed over something else than one control socket.
package struct ActivationError: Error, Hashable, CustomStringConvertible {
    /// What was handed over.
    package let names: [String]

    package var description: String {
        let list = names.map { "\"\($0)\"" }.joined(separator: ", ")
        return "\(names.count) sockets were handed over (\(list)), and which is the control socket can't be told; "
            + "name it by FileDescriptorName=\(InheritedDescriptor.controlName) in its socket unit"
    }
}
