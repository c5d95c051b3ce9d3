/// A JSON value while it is being encoded: containers handed out by an `Encoder` are filled in any order, so they need
/// identity until the end.
final class JSONNode {
    private enum Content {
        case value(JSONValue)
        case array([JSONNode])
        case object([String: JSONNode])
    }

    /// `nil` until something is encoded.
    private var content: Content?

    /// What was encoded; `{}` for a type that encoded nothing.
    var value: JSONValue {
        switch content {
        case nil: .object([:])
        case .value(let value): value
        case .array(let nodes): .array(nodes.map(\.value))
        case .object(let nodes): .object(nodes.mapValues(\.value))
        }
    }

    /// The number of elements, when this is an array.
    var count: Int {
        if case .array(let nodes) = content { nodes.count } else { 0 }
    }

    /// Makes this a finished value.
    func set(_ value: JSONValue) { content = .value(value) }

    /// Makes this an array unless it is one.
    func becomeArray() {
        if case .array = content { return }
        content = .array([])
    }

    /// Makes this an object unless it is one.
    func becomeObject() {
        if case .object = content { return }
        content = .object([:])
    }

    /// A new last element.
    func appendChild() -> JSONNode {
        let child = JSONNode()
        if case .array(var nodes) = content {
            // Emptied first, so that appending does not copy the array.
            content = nil
            nodes.append(child)
            content = .array(nodes)
        } else {
            content = .array([child])
        }
        return child
    }

    /// The member `name`, made if need be.
    func child(_ name: String) -> JSONNode {
        var nodes: [String: JSONNode] = [:]
        if case .object(let present) = content { nodes = present }
        if let present = nodes[name] { return present }
        content = nil
        let child = JSONNode()
        nodes[name] = child
        content = .object(nodes)
        return child
    }

    /// Encodes any value here.
    func encode(_ value: some Encodable, codingPath: [any CodingKey]) throws {
        if let value = value as? JSONValue {
            set(value)
        } else {
            try value.encode(to: JSONValueEncoder(node: self, codingPath: codingPath))
        }
    }

    /// Encodes an integer here.
    func encode(integer: some FixedWidthInteger, codingPath: [any CodingKey]) throws {
        guard let value = Int64(exactly: integer) else {
            throw EncodingError.invalidValue(
                integer,
                .init(codingPath: codingPath, debugDescription: "integer beyond Int64")
            )
        }
        set(.integer(value))
    }

    /// Encodes a number here.
    func encode(double: Double, codingPath: [any CodingKey]) throws {
        guard double.isFinite else {
            throw EncodingError.invalidValue(
                double,
                .init(codingPath: codingPath, debugDescription: "JSON has no infinity and no not-a-number")
            )
        }
        set(.number(double))
    }
}
