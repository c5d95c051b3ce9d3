/// The input or output of a method that has none.
package struct NoParameters: Codable, Sendable, Hashable {
    package init() {}
}
