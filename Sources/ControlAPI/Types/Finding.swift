/// Something wrong with the source at backup time; the fields are those of `Finding` in the interface description.
package struct Finding: Codable, Sendable, Hashable {
    package var code: String
    package var message: String
    package var path: String?
    package var block: Int64?

    package init(code: String, message: String, path: String? = nil, block: Int64? = nil) {
        self.code = code
        self.message = message
        self.path = path
        self.block = block
    }
}
