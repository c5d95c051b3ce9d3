/// The elements of an array being encoded.
struct JSONUnkeyedEncoding: UnkeyedEncodingContainer {
    let node: JSONNode
    let codingPath: [any CodingKey]

    var count: Int { node.count }

    private var next: JSONSingleEncoding {
        let path = codingPath + [JSONCodingKey(intValue: node.count)]
        return JSONSingleEncoding(node: node.appendChild(), codingPath: path)
    }

    private var nextEncoder: JSONValueEncoder {
        let next = next
        return JSONValueEncoder(node: next.node, codingPath: next.codingPath)
    }

    func encodeNil() { next.encodeNil() }
    func encode(_ value: Bool) { next.encode(value) }
    func encode(_ value: String) { next.encode(value) }
    func encode(_ value: Double) throws { try next.encode(value) }
    func encode(_ value: Float) throws { try next.encode(value) }
    func encode(_ value: Int) throws { try next.encode(value) }
    func encode(_ value: Int8) throws { try next.encode(value) }
    func encode(_ value: Int16) throws { try next.encode(value) }
    func encode(_ value: Int32) throws { try next.encode(value) }
    func encode(_ value: Int64) throws { try next.encode(value) }
    func encode(_ value: UInt) throws { try next.encode(value) }
    func encode(_ value: UInt8) throws { try next.encode(value) }
    func encode(_ value: UInt16) throws { try next.encode(value) }
    func encode(_ value: UInt32) throws { try next.encode(value) }
    func encode(_ value: UInt64) throws { try next.encode(value) }
    func encode(_ value: some Encodable) throws { try next.encode(value) }

    func nestedContainer<NestedKey: CodingKey>(keyedBy keyType: NestedKey.Type) -> KeyedEncodingContainer<NestedKey> {
        nextEncoder.container(keyedBy: keyType)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { nextEncoder.unkeyedContainer() }

    func superEncoder() -> any Encoder { nextEncoder }
}
