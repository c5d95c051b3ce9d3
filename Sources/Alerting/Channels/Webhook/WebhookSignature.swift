import Crypto
import FoundationEssentials

/// The signature of Standard Webhooks: `v1,` and the HMAC-SHA256 of `ID.TIMESTAMP.BODY` in base64.
enum WebhookSignature {
    /// - Parameters:
    ///   - timestamp: Seconds since 1970.
    ///   - secret: `whsec_` and the key in base64, or any other text, whose bytes are the key.
    static func header(id: String, timestamp: Int, body: [UInt8], secret: String) -> String {
        var content = Array("\(id).\(timestamp).".utf8)
        content += body
        let code = HMAC<SHA256>.authenticationCode(for: content, using: SymmetricKey(data: key(secret)))
        return "v1," + Data(code).base64EncodedString()
    }

    private static func key(_ secret: String) -> Data {
        let prefix = "whsec_"
        guard secret.hasPrefix(prefix), let key = Data(base64Encoded: String(secret.dropFirst(prefix.count))) else {
            return Data(secret.utf8)
        }
        return key
    }
}
