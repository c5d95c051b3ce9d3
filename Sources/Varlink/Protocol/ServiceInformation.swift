/// What a service says about itself: the answer of `org.varlink.service.GetInfo`.
package struct ServiceInformation: Sendable, Hashable, Codable {
    /// Who made it.
    package var vendor: String
    /// What it is.
    package var product: String
    /// Its version.
    package var version: String
    /// Where to read about it.
    package var url: String
    /// The interfaces it serves; the server fills it in.
    package var interfaces: [String]

    package init(vendor: String, product: String, version: String, url: String, interfaces: [String] = []) {
        self.vendor = vendor
        self.product = product
        self.version = version
        self.url = url
        self.interfaces = interfaces
    }
}
