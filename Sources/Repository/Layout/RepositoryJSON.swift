import FoundationEssentials

/// JSON as a repository holds it: UTF-8, sorted keys, slashes not escaped, one line feed at the end.
package enum RepositoryJSON {
    /// The bytes of `value`.
    package static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try Array(encoder.encode(value)) + [UInt8(ascii: "\n")]
    }

    /// Reads a value; unknown keys are ignored.
    ///
    /// - Parameters:
    ///   - type: What to read.
    ///   - bytes: The JSON text.
    ///   - name: The object they come from, for the error.
    /// - Throws: ``RepositoryError`` `damaged`.
    package static func decode<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8], name: String) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw RepositoryError(.damaged, "'\(name)' can't be read: \(reason(error))")
        }
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, _): "the key '\(key.stringValue)' is missing"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            "'\(context.codingPath.map(\.stringValue).joined(separator: "."))' has the wrong type"
        case DecodingError.dataCorrupted(let context): context.debugDescription
        default: "it is no JSON of the kind expected"
        }
    }
}
