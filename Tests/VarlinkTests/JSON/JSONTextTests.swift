import Foundation
import Testing
import Varlink

struct JSONTextTests {
    @Test(
        arguments: [
            ("null", .null), (" true ", true), ("false", false), ("0", 0), ("-0", 0), ("42", 42),
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("9007199254740993", 9_007_199_254_740_993), ("9223372036854775808", .number(9_223_372_036_854_775_808)),
            ("1.0", .number(1)), ("1e3", .number(1000)), ("-2.5E-1", .number(-0.25)), ("[]", []), ("{}", [:]),
            ("[1,[2],{\"a\":null}]", [1, [2], ["a": nil]]), ("\t{\r\n\"a\" : [ ] }", ["a": []]),
            (#""a\"\\\/\b\f\n\r\t""#, "a\"\\/\u{8}\u{C}\n\r\t"), (#""\u00e9\u20AC""#, "é€"), (#""\ud83d\ude00""#, "😀"),
            ("\"😀\u{7F}\"", "😀\u{7F}"), (#""""#, ""),
        ] as [(String, JSONValue)]
    )
    func `A well-formed text is read exactly`(text: String, expected: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == expected)
    }

    @Test(arguments: [
        "", " ", "nul", "nullx", "tru", "+1", "01", "1.", ".5", "1e", "1e+", "-", "1e999", "NaN", "Infinity", "[", "[1",
        "[1,", "[1,]", "[,1]", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{a:1}", "{1:2}",
        "\"", "\"a", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u12G4\"", "\"\\ud800\"", "\"\\ud800x\"", "\"\\ud800\\u0041\"",
        "\"\\udc00\"", "\"a\nb\"", "\"\u{1F}\"", "1 2", "{} x", "{\"a\":1,\"a\":2}", "'a'", "// c\n1",
    ])
    func `A malformed text is refused`(text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: text) }
    }

    @Test(arguments: [
        [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0xEF, 0xBB, 0xBF, 0x30],
    ])
    func `Bytes that are not UTF-8 are refused`(bytes: [UInt8]) {
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: bytes) }
    }

    @Test func `Depth and number of values are limited`() throws {
        let deep = { (depth: Int) in String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
        _ = try JSONValue(parsing: deep(128))
        #expect(throws: JSONSyntaxError(message: "nested deeper than 128", offset: 128)) {
            try JSONValue(parsing: deep(129))
        }
        let many = "[" + String(repeating: "0,", count: 500_000) + "0]"
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: many) }
    }

    @Test(arguments: 0..<50)
    func `What is written reads back equal, here and in Foundation`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let value: JSONValue = ["value": .random(depth: 4, using: &generator)]
        #expect(try JSONValue(parsing: value.serialized) == value)
        #expect(try JSONValue(parsing: value.prettyDescription) == value)
        #expect(!value.serialized.contains { $0 < 0x20 })
        let foreign = try JSONDecoder().decode(JSONValue.self, from: Data(value.serialized))
        #expect(foreign.withoutNumberKinds == value.withoutNumberKinds)
    }

    @Test func `Random and damaged bytes never crash the parser`() {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<300 {
            _ = try? JSONValue(parsing: generator.bytes(Int.random(in: 0..<40, using: &generator)))
            var text = JSONValue.random(depth: 3, using: &generator).serialized
            guard !text.isEmpty else { continue }
            text[Int.random(in: 0..<text.count, using: &generator)] = UInt8.random(in: .min ... .max, using: &generator)
            _ = try? JSONValue(parsing: text)
            _ = try? JSONValue(parsing: Array(text.prefix(Int.random(in: 0...text.count, using: &generator))))
        }
    }
}

extension JSONValue {
    static func random(depth: Int, using generator: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 7 : 5), using: &generator) {
        case 0: .null
        case 1: .bool(Bool.random(using: &generator))
        case 2: .integer(Int64(bitPattern: generator.next()))
        case 3: .number(Double(Int64(bitPattern: generator.next())) / 1024 + 0.1)
        case 4: .string(randomText(using: &generator))
        case 5: .array((0..<3).map { _ in random(depth: depth - 1, using: &generator) })
        default:
            .object(
                Dictionary(
                    (0..<3).map { _ in
                        (randomText(using: &generator), random(depth: depth - 1, using: &generator))
                    }
                ) { first, _ in first }
            )
        }
    }

    private static func randomText(using generator: inout SeededGenerator) -> String {
        let alphabet = Array("ab\"\\/\u{0}\u{1F}\u{7F}\né€😀")
        return String((0..<5).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] })
    }

    /// Foundation does not tell `1` from `1.0`.
    var withoutNumberKinds: JSONValue {
        switch self {
        case .integer(let value): .number(Double(value))
        case .array(let elements): .array(elements.map(\.withoutNumberKinds))
        case .object(let members): .object(members.mapValues(\.withoutNumberKinds))
        default: self
        }
    }
}
