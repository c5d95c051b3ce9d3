import Testing
import Varlink

struct ValidationTests {
    private static let interface = """
        interface a.b
        type Kind (base, dump)
        type Item (id: string, kind: Kind, tags: ?[](name: string))
        method M(flag: bool, count: int, ratio: float, item: Item, map: [string]int, set: [string](), free: ?object,
          rest: ?any) -> (item: ?Item)
        error Failed (item: Item)
        """

    private static let item: JSONValue = ["id": "x", "kind": "base", "tags": [["name": "t"]]]
    private static let good: [String: JSONValue] = [
        "flag": true, "count": 1, "ratio": 2, "item": item, "map": ["a": 1], "set": ["a": [:]],
    ]

    @Test(
        arguments: [
            [:], ["count": .number(3)], ["ratio": 0.5], ["free": nil], ["free": ["x": 1]], ["rest": [1, "a"]],
            ["map": [:]],
            ["item": ["id": "", "kind": "dump", "tags": nil]],
        ] as [[String: JSONValue]]
    )
    func `Parameters of their types pass`(change: [String: JSONValue]) throws {
        let description = try InterfaceDescription(parsing: Self.interface)
        try description.validateInput(Self.good.merging(change) { $1 }, ofMethod: "M")
    }

    @Test(
        arguments: [
            ("flag", 1, "flag", "expected bool, found int"),
            ("flag", nil, "flag", "expected bool, found null"),
            ("count", 1.5, "count", "expected int, found float"),
            ("count", "1", "count", "expected int, found string"),
            ("ratio", "x", "ratio", "expected float, found string"),
            ("item", [], "item", "expected object, found array"),
            ("item", ["id": "x"], "item.kind", "is missing"),
            ("item", ["id": "x", "kind": "full"], "item.kind", "expected one of base, dump, found \"full\""),
            ("item", ["id": "x", "kind": "base", "more": 1], "item.more", "is unknown"),
            (
                "item", ["id": "x", "kind": "base", "tags": [["name": "a"], 3]], "item.tags[1]",
                "expected object, found int"
            ),
            ("map", ["k": "v"], "map.k", "expected int, found string"),
            ("set", ["k": ["x": 1]], "set.k.x", "is unknown"),
            ("free", [1], "free", "expected object, found array"),
            ("typo", 1, "typo", "is unknown"),
        ] as [(String, JSONValue, String, String)]
    )
    func `A parameter that is wrong is named`(name: String, value: JSONValue, path: String, message: String) throws {
        let description = try InterfaceDescription(parsing: Self.interface)
        var parameters = Self.good
        parameters[name] = value
        let violation = try #require(throws: InterfaceDescription.Violation.self) {
            try description.validateInput(parameters, ofMethod: "M")
        }
        #expect(violation.path == path)
        #expect(violation.message == message)
        #expect(violation.parameter == name)
    }

    @Test func `Replies and errors are checked too`() throws {
        let description = try InterfaceDescription(parsing: Self.interface)
        try description.validateOutput(["item": Self.item], ofMethod: "M")
        try description.validateOutput([:], ofMethod: "M")
        try description.validateError(["item": Self.item], ofError: "Failed")
        #expect(throws: InterfaceDescription.Violation.self) { try description.validateError([:], ofError: "Failed") }
        #expect(throws: InterfaceDescription.Violation.self) { try description.validateError([:], ofError: "Other") }
        #expect(throws: InterfaceDescription.Violation.self) { try description.validateOutput([:], ofMethod: "Failed") }
    }
}
