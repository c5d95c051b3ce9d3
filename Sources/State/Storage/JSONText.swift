import FoundationEssentials

/// A JSON document kept as text: what a job was asked, what it gave, what an event knows beside its message.
///
/// The store does not look into it. Its shape belongs to whoever wrote it; times in it are RFC 3339 in UTC and keys are
/// sorted, so equal values give equal text.
package struct JSONText: Sendable, Hashable {
    /// The document.
    package let text: String

    /// The empty object, `{}`.
    package static let emptyObject = JSONText(unchecked: "{}")

    /// Takes text that is JSON already.
    ///
    /// - Parameter text: One JSON document; it is not checked.
    package init(unchecked text: String) {
        self.text = text
    }

    /// Encodes a value.
    ///
    /// - Throws: `EncodingError`, for values JSON has no form for (NaN, infinity).
    package init(encoding value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        text = String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// Decodes the document.
    ///
    /// - Throws: `DecodingError`, when it has another shape.
    package func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        return try decoder.decode(type, from: Data(text.utf8))
    }
}
