import Foundation
import Testing
import Varlink

struct JSONCodingTests {
    enum Kind: String, Codable { case base, dump }

    struct Inner: Codable, Hashable {
        var name: String
        var sizes: [Int]
    }

    struct Message: Codable, Hashable {
        var id: String
        var kind: Kind
        var bytes: Int64
        var port: UInt16
        var ratio: Double
        var small: Float
        var pinned: Bool
        var note: String?
        var inner: Inner?
        var list: [Inner]
        var map: [String: Int]
        var gaps: [String?]
        var anything: JSONValue
    }

    private static let message = Message(
        id: "20260101T000000Z-base",
        kind: .base,
        bytes: 9_007_199_254_740_993,
        port: 5432,
        ratio: 0.1,
        small: 0.5,
        pinned: true,
        note: nil,
        inner: Inner(name: "é", sizes: []),
        list: [Inner(name: "a", sizes: [1, 2])],
        map: ["x": 1],
        gaps: [nil, "a"],
        anything: ["deep": [nil, 1.5]]
    )

    @Test func `A message type becomes the JSON one expects, absent values left out`() throws {
        let expected: JSONValue = [
            "id": "20260101T000000Z-base", "kind": "base", "bytes": 9_007_199_254_740_993, "port": 5432, "ratio": 0.1,
            "small": 0.5, "pinned": true, "inner": ["name": "é", "sizes": []],
            "list": [["name": "a", "sizes": [1, 2]]],
            "map": ["x": 1], "gaps": [nil, "a"], "anything": ["deep": [nil, 1.5]],
        ]
        #expect(try JSONValue(encoding: Self.message) == expected)
    }

    @Test func `A message type reads back equal, also by way of Foundation's coders`() throws {
        #expect(try JSONValue(encoding: Self.message).decode(Message.self) == Self.message)
        let foreign = try JSONDecoder().decode(Message.self, from: Data(JSONValue(encoding: Self.message).serialized))
        #expect(foreign == Self.message)
        #expect(try JSONValue(parsing: Array(JSONEncoder().encode(Self.message))).decode(Message.self) == Self.message)
    }

    @Test func `Numbers convert between the kinds when nothing is lost`() throws {
        #expect(try JSONValue.number(1).decode(Int.self) == 1)
        #expect(try JSONValue.integer(1).decode(Double.self) == 1)
        #expect(throws: DecodingError.self) { try JSONValue.number(1.5).decode(Int.self) }
        #expect(throws: DecodingError.self) { try JSONValue.integer(256).decode(UInt8.self) }
        #expect(throws: DecodingError.self) { try JSONValue.integer(-1).decode(UInt.self) }
        #expect(throws: EncodingError.self) { try JSONValue(encoding: [UInt64.max]) }
        #expect(throws: EncodingError.self) { try JSONValue(encoding: ["x": Double.nan]) }
    }

    @Test(
        arguments: [
            (["name": "a"], "sizes", "\"sizes\" is missing"),
            (["name": 1, "sizes": []], "name", "expected string, found int"),
            (["name": "a", "sizes": [1, "2"]], "sizes.1", "expected int, found string"),
            (["name": "a", "sizes": nil], "sizes", "expected array, found null"),
        ] as [(JSONValue, String, String)]
    )
    func `A mismatch tells where and what`(value: JSONValue, path: String, message: String) throws {
        let error = try #require(throws: DecodingError.self) { try value.decode(Inner.self) }
        let problem = DecodingProblem(error)
        #expect(problem.path == path)
        #expect(problem.message == message)
    }

    class Base: Codable {
        var a = 1
    }

    final class Derived: Base {
        var b = 2
        private enum CodingKeys: CodingKey { case b, nested, flat }

        override init() { super.init() }

        required init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            b = try container.decode(Int.self, forKey: .b)
            let nested = try container.nestedContainer(keyedBy: CodingKeys.self, forKey: .nested)
            #expect(try nested.decode(String.self, forKey: .b) == "in")
            var flat = try container.nestedUnkeyedContainer(forKey: .flat)
            #expect(flat.count == 2)
            #expect(try flat.decodeNil())
            #expect(try flat.decode(Bool.self))
            #expect(flat.isAtEnd)
            try super.init(from: container.superDecoder())
        }

        override func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(b, forKey: .b)
            var nested = container.nestedContainer(keyedBy: CodingKeys.self, forKey: .nested)
            try nested.encode("in", forKey: .b)
            var flat = container.nestedUnkeyedContainer(forKey: .flat)
            try flat.encodeNil()
            try flat.encode(true)
            try super.encode(to: container.superEncoder())
        }
    }

    @Test func `Nested containers and super coders work`() throws {
        let value = try JSONValue(encoding: Derived())
        #expect(value == ["b": 2, "nested": ["b": "in"], "flat": [nil, true], "super": ["a": 1]])
        #expect(try value.decode(Derived.self).a == 1)
    }
}
