import Foundation

/// What a peer noted: a request, a recipient, or a message.
struct PeerRecord: Decodable, Sendable {
    // A request to the web server.
    var path: String?
    var body: String?
    // Of a request, names in lower case; of a message, as Python's parser decodes them.
    var headers: [String: String]?
    // What the mail server was asked for, and the messages that it took.
    var recipient: String?
    var from: String?
    var to: [String]?
    var user: String?
    var tls: Bool?
    var raw: String?
    var names: [String]?
    var text: String?
    var html: String?
    var defects: [String]?

    /// The body of a request.
    var bytes: Data { body.flatMap { Data(base64Encoded: $0) } ?? Data() }

    /// The body of a request, read as JSON.
    func json() throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: bytes) as? [String: Any] ?? [:]
    }

    /// A message as it came.
    var mail: String { raw.flatMap { Data(base64Encoded: $0) }.map { String(decoding: $0, as: UTF8.self) } ?? "" }
}
