/// The interface that every Varlink service has.
package enum ServiceInterface {
    /// Its name.
    package static let name = "org.varlink.service"

    /// Its description.
    package static let description = """
        # What every Varlink service tells about itself
        interface org.varlink.service

        # Who made this service, and which interfaces it has
        method GetInfo() -> (
          vendor: string,
          product: string,
          version: string,
          url: string,
          interfaces: []string
        )

        # The description of one interface in the language of this text
        method GetInterfaceDescription(interface: string) -> (description: string)

        # The interface is not served here
        error InterfaceNotFound(interface: string)

        # The interface has no method of this name
        error MethodNotFound(method: string)

        # The interface describes the method, but this service does not have it
        error MethodNotImplemented(method: string)

        # The parameter is missing, unknown or not of its type
        error InvalidParameter(parameter: string)

        # The caller may not do this
        error PermissionDenied()

        # The method answers more than once and must be called with the flag "more"
        error ExpectedMore()
        """
}
