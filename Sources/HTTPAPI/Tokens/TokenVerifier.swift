import Crypto
package import FoundationEssentials

/// Checks the application's access tokens: JSON Web Tokens in compact form (RFC 7519), signed by HMAC with SHA-256.
///
/// Pure but for the arithmetic: the time is given. HS256 is the only algorithm, whatever a token says of itself. A token must
/// expire (`exp`) and be a user's (`sub`, a UUID); one with a `scope` is for something else and is refused, since the
/// application signs those with the same key. One with an `aud` is for somebody else (RFC 7519, 4.1.3), since we have no name.
package struct TokenVerifier: Sendable {
    /// The longest token that is looked at, in bytes; the application's have some 150.
    package static let maximumBytes = 4096

    private let key: SymmetricKey

    /// - Parameter secret: The application's `SECRET_KEY`, not empty.
    package init(secret: String) {
        self.init(key: Array(secret.utf8))
    }

    init(key: some ContiguousBytes) {
        self.key = SymmetricKey(data: key)
    }

    /// The user that a token is for.
    ///
    /// - Parameters:
    ///   - token: The token.
    ///   - now: The time. A token is valid from `nbf`, where it has one, until before `exp`.
    /// - Throws: ``TokenRefusal``.
    package func user(of token: String, at now: Date) throws(TokenRefusal) -> UUID {
        guard token.utf8.count <= Self.maximumBytes else { throw .tooLong }
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Base64URL.decode(parts[0]), let payload = Base64URL.decode(parts[1]),
            let signature = Base64URL.decode(parts[2])
        else { throw .malformed }
        guard let header = try? JSONDecoder().decode(Header.self, from: Data(header)) else { throw .malformed }
        guard header.algorithm == "HS256" else { throw .otherAlgorithm }
        // A critical extension must be understood (RFC 7515, 4.1.11), and none is.
        guard !header.hasCriticalExtensions else { throw .malformed }
        // What is signed is the text up to the second dot. The comparison takes the same time wherever they differ.
        let signed = Data(token.utf8.dropLast(parts[2].utf8.count + 1))
        guard HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: signed, using: key) else {
            throw .badSignature
        }
        guard let claims = try? JSONDecoder().decode(Claims.self, from: Data(payload)) else { throw .badClaims }
        return try claims.user(at: now.timeIntervalSince1970)
    }
}

/// What a token says of its form.
private struct Header: Decodable {
    let algorithm: String
    let hasCriticalExtensions: Bool

    private enum CodingKeys: String, CodingKey {
        case algorithm = "alg"
        case critical = "crit"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        algorithm = try container.decode(String.self, forKey: .algorithm)
        hasCriticalExtensions = container.contains(.critical)
    }
}

/// What a token says of its holder.
private struct Claims: Decodable {
    let subject: String
    let expires: Double
    let validFrom: Double?
    let hasScope: Bool

    private enum CodingKeys: String, CodingKey {
        case subject = "sub"
        case expires = "exp"
        case validFrom = "nbf"
        case scope
        case audience = "aud"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard !container.contains(.audience) else {
            throw DecodingError.dataCorruptedError(forKey: .audience, in: container, debugDescription: "not for us")
        }
        // Also a scope that is null or empty: the application's access tokens have none.
        hasScope = container.contains(.scope)
        subject = try container.decode(String.self, forKey: .subject)
        expires = try container.decode(Double.self, forKey: .expires)
        validFrom = container.contains(.validFrom) ? try container.decode(Double.self, forKey: .validFrom) : nil
    }

    func user(at now: Double) throws(TokenRefusal) -> UUID {
        guard !hasScope else { throw .scoped }
        guard now < expires else { throw .expired }
        if let validFrom, now < validFrom { throw .notYetValid }
        // The one form that the application writes: 36 characters.
        guard subject.utf8.count == 36, let user = UUID(uuidString: subject) else { throw .subjectIsNoUser }
        return user
    }
}
