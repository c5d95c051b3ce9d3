/// Whether a connection is encrypted and how far the server is believed: libpq's `sslmode`.
package enum SSLMode: String, CaseIterable, Sendable {
    /// Never encrypted.
    case disable
    /// Encrypted only if the server insists.
    case allow
    /// Encrypted if the server can; the default.
    case prefer
    /// Encrypted, whoever the server is.
    case require
    /// Encrypted, and the server's certificate comes from the root certificate.
    case verifyCA = "verify-ca"
    /// Encrypted, and the certificate is the named host's too.
    case verifyFull = "verify-full"
}
