import Crypto
import Foundation

/// Makes tokens as the application does, and others.
enum TestToken {
    static let secret = "a-secret-of-the-application-0123456789"

    /// A token of these two parts of JSON, signed with a key.
    static func make(header: String = #"{"alg":"HS256","typ":"JWT"}"#, claims: String, secret: String = secret)
        -> String
    {
        let signed = base64URL(Array(header.utf8)) + "." + base64URL(Array(claims.utf8))
        let key = SymmetricKey(data: Array(secret.utf8))
        return signed + "." + base64URL(Array(HMAC<SHA256>.authenticationCode(for: Data(signed.utf8), using: key)))
    }

    /// A token as the application makes it.
    static func of(_ user: UUID, expires: Date = Date() + 3600, more: String = "") -> String {
        let subject = user.uuidString.lowercased()
        return make(claims: #"{"sub":"\#(subject)","exp":\#(Int(expires.timeIntervalSince1970))\#(more)}"#)
    }

    static func base64URL(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
