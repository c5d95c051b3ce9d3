/// How much TLS the connection to PostgreSQL must have: libpq's `sslmode`, by the same names.
package enum SSLMode: String, Sendable, Hashable, CaseIterable {
    case disable
    case allow
    case prefer
    case require
    case verifyCA = "verify-ca"
    case verifyFull = "verify-full"
}
