/// One value being encoded.
struct JSONSingleEncoding: SingleValueEncodingContainer {
    let node: JSONNode
    let codingPath: [any CodingKey]

    func encodeNil() { node.set(.null) }
    func encode(_ value: Bool) { node.set(.bool(value)) }
    func encode(_ value: String) { node.set(.string(value)) }
    func encode(_ value: Double) throws { try node.encode(double: value, codingPath: codingPath) }
    func encode(_ value: Float) throws { try node.encode(double: Double(value), codingPath: codingPath) }
    func encode(_ value: Int) throws { try node.encode(integer: value, codingPath: codingPath) }
    func encode(_ value: Int8) throws { try node.encode(integer: value, codingPath: codingPath) }
    func encode(_ value: Int16) throws { try node.encode(integer: value, codingPath: codingPath) }
    func encode(_ value: Int32) throws { try node.encode(integer: value, codingPath: codingPath) }
    func encode(_ value: Int64) throws { try node.encode(integer: value, codingPath: codingPath) }
    func encode(_ value: UInt) throws { try node.encode(integer: value, codingPath: codingPath) }
    func encode(_ value: UInt8) throws { try node.encode(integer: value, codingPath: codingPath) }
    func encode(_ value: UInt16) throws { try node.encode(integer: value, codingPath: codingPath) }
    func encode(_ value: UInt32) throws { try node.encode(integer: value, codingPath: codingPath) }
    func encode(_ value: UInt64) throws { try node.encode(integer: value, codingPath: codingPath) }
    func encode(_ value: some Encodable) throws { try node.encode(value, codingPath: codingPath) }
}
