/// The Varlink interface that recyclicd serves and recyclicctl calls.
package enum ControlInterface {
    /// The interface's name.
    package static let name = "org.recyclic.Control"

    /// The text of the interface description, as `org.varlink.service.GetInterfaceDescription` answers it.
    package static let description = String(decoding: PackageResources.org_recyclic_Control_varlink, as: UTF8.self)
}
