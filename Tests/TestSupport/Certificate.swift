/// A server's certificate and key, as files.
package struct Certificate: Sendable {
    package let certificate: String
    package let key: String
}
