/// Why a test's surroundings could not be made; it fails the test with this sentence.
package struct TestSupportError: Error, CustomStringConvertible {
    /// The sentence.
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
