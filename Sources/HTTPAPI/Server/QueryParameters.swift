/// The parameters of a request's query, decoded.
struct QueryParameters {
    /// A query that can't be decoded.
    struct Malformed: Error {}

    private let parameters: [(name: String, value: String)]

    /// - Parameter query: What follows the `?`.
    /// - Throws: ``Malformed`` when a percent sign is not followed by two hexadecimal digits, or the bytes are no UTF-8.
    init(_ query: String?) throws(Malformed) {
        var parameters: [(name: String, value: String)] = []
        for pair in (query ?? "").utf8.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            parameters.append((try Self.decoded(parts[0]), parts.count > 1 ? try Self.decoded(parts[1]) : ""))
        }
        self.parameters = parameters
    }

    /// Every value of a parameter.
    subscript(_ name: String) -> [String] {
        parameters.filter { $0.name == name }.map(\.value)
    }

    private static func decoded(_ bytes: Substring.UTF8View) throws(Malformed) -> String {
        var result: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): result.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                    throw Malformed()
                }
                result.append(high << 4 | low)
            default: result.append(byte)
            }
        }
        guard let text = String(validating: result, as: UTF8.self) else { throw Malformed() }
        return text
    }

    private static func digit(_ character: UInt8) -> UInt8? {
        Character(Unicode.Scalar(character)).hexDigitValue.map(UInt8.init)
    }
}
