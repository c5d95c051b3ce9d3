extension JSONValue: Codable {
    /// Reads any JSON value from `decoder`, ours or another library's.
    package init(from decoder: any Decoder) throws {
        if let own = decoder as? JSONValueDecoder {
            self = own.value
            return
        }
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    /// Writes the value to `encoder`, ours or another library's.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }

    /// The JSON form of a message type.
    ///
    /// - Throws: `EncodingError` for what JSON or ``JSONValue`` cannot hold (not-a-number, integers beyond `Int64`), and
    ///   whatever the type's own `encode(to:)` throws.
    package init(encoding value: some Encodable) throws {
        let node = JSONNode()
        try node.encode(value, codingPath: [])
        self = node.value
    }

    /// Reads a message type out of this value. Unknown members are ignored, absent optional ones are `nil`.
    ///
    /// - Throws: `DecodingError` whose coding path leads to the offending member.
    package func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        try JSONValueDecoder(value: self, codingPath: []).decodeValue(type)
    }
}
