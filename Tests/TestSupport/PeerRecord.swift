package import Foundation

/// What a peer noted: a request, a recipient, or a message.
package struct PeerRecord: Decodable, Sendable {
    // A request to the web server.
    package var path: String?
    package var body: String?
    // Of a request, names in lower case; of a message, as Python's parser decodes them.
    package var headers: [String: String]?
    // What the mail server was asked for, and the messages that it took.
    package var recipient: String?
    package var from: String?
    package var to: [String]?
    package var user: String?
    package var tls: Bool?
    package var raw: String?
    package var names: [String]?
    package var text: String?
    package var html: String?
    package var defects: [String]?

    /// The body of a request.
    package var bytes: Data { body.flatMap { Data(base64Encoded: $0) } ?? Data() }

    /// The body of a request, read as JSON.
    package func json() throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: bytes) as? [String: Any] ?? [:]
    }

    /// A message as it came.
    package var mail: String {
        raw.flatMap { Data(base64Encoded: $0) }.map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
