/// The members of an object being encoded.
struct JSONKeyedEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let node: JSONNode
    let codingPath: [any CodingKey]

    private func child(_ key: Key) -> JSONNode { node.child(key.stringValue) }

    func encodeNil(forKey key: Key) { child(key).set(.null) }
    func encode(_ value: Bool, forKey key: Key) { child(key).set(.bool(value)) }
    func encode(_ value: String, forKey key: Key) { child(key).set(.string(value)) }
    func encode(_ value: Double, forKey key: Key) throws {
        try child(key).encode(double: value, codingPath: codingPath + [key])
    }
    func encode(_ value: Float, forKey key: Key) throws {
        try child(key).encode(double: Double(value), codingPath: codingPath + [key])
    }
    func encode(_ value: Int, forKey key: Key) throws {
        try child(key).encode(integer: value, codingPath: codingPath + [key])
    }
    func encode(_ value: Int8, forKey key: Key) throws {
        try child(key).encode(integer: value, codingPath: codingPath + [key])
    }
    func encode(_ value: Int16, forKey key: Key) throws {
        try child(key).encode(integer: value, codingPath: codingPath + [key])
    }
    func encode(_ value: Int32, forKey key: Key) throws {
        try child(key).encode(integer: value, codingPath: codingPath + [key])
    }
    func encode(_ value: Int64, forKey key: Key) throws {
        try child(key).encode(integer: value, codingPath: codingPath + [key])
    }
    func encode(_ value: UInt, forKey key: Key) throws {
        try child(key).encode(integer: value, codingPath: codingPath + [key])
    }
    func encode(_ value: UInt8, forKey key: Key) throws {
        try child(key).encode(integer: value, codingPath: codingPath + [key])
    }
    func encode(_ value: UInt16, forKey key: Key) throws {
        try child(key).encode(integer: value, codingPath: codingPath + [key])
    }
    func encode(_ value: UInt32, forKey key: Key) throws {
        try child(key).encode(integer: value, codingPath: codingPath + [key])
    }
    func encode(_ value: UInt64, forKey key: Key) throws {
        try child(key).encode(integer: value, codingPath: codingPath + [key])
    }
    func encode(_ value: some Encodable, forKey key: Key) throws {
        try child(key).encode(value, codingPath: codingPath + [key])
    }

    func nestedContainer<NestedKey: CodingKey>(
        keyedBy keyType: NestedKey.Type,
        forKey key: Key
    ) -> KeyedEncodingContainer<NestedKey> {
        JSONValueEncoder(node: child(key), codingPath: codingPath + [key]).container(keyedBy: keyType)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        JSONValueEncoder(node: child(key), codingPath: codingPath + [key]).unkeyedContainer()
    }

    func superEncoder() -> any Encoder {
        JSONValueEncoder(node: node.child("super"), codingPath: codingPath + [JSONCodingKey(stringValue: "super")])
    }

    func superEncoder(forKey key: Key) -> any Encoder {
        JSONValueEncoder(node: child(key), codingPath: codingPath + [key])
    }
}
