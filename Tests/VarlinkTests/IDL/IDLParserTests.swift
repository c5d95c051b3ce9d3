import Testing
import Varlink

struct IDLParserTests {
    @Test func `A description is read with everything in it`() throws {
        let text = """
            # About
            #
            #  indented
            interface org.example-1.a2

            # A type
            type T (
              # before
              a: ?[]?[string](x, y), # behind
              b: (c: bool, d: ()) # last
            )
            type E (one, # first
              two)
            method M(t: T, o: object, v: any) -> ()# same line
            error Failed (reason: string, code: ?int, f: float)
            """
        let fields: [InterfaceDescription.Field] = [
            .init(
                name: "a",
                documentation: ["before", "behind"],
                type: .nullable(.array(.nullable(.map(.enumeration([.init(name: "x"), .init(name: "y")])))))
            ),
            .init(
                name: "b",
                documentation: ["last"],
                type: .structure([.init(name: "c", type: .bool), .init(name: "d", type: .structure([]))])
            ),
        ]
        let expected = InterfaceDescription(
            name: "org.example-1.a2",
            documentation: ["About", "", " indented"],
            members: [
                .init(name: "T", documentation: ["A type"], kind: .type(.structure(fields))),
                .init(
                    name: "E",
                    kind: .type(.enumeration([.init(name: "one", documentation: ["first"]), .init(name: "two")]))
                ),
                .init(
                    name: "M",
                    kind: .method(
                        input: [
                            .init(name: "t", type: .named("T")), .init(name: "o", type: .object),
                            .init(name: "v", type: .any),
                        ],
                        output: []
                    )
                ),
                .init(
                    name: "Failed",
                    documentation: ["same line"],
                    kind: .error([
                        .init(name: "reason", type: .string), .init(name: "code", type: .nullable(.int)),
                        .init(name: "f", type: .float),
                    ])
                ),
            ]
        )
        #expect(try InterfaceDescription(parsing: text) == expected)
    }

    @Test(arguments: [
        "a.b", "org.varlink.service", "com.example.0example", "a.21.c", "a1.b-c.d--e", "A.B", "org.example.123",
    ])
    func `A good interface name is taken`(name: String) throws {
        #expect(try InterfaceDescription(parsing: "interface \(name)").name == name)
    }

    @Test(arguments: [
        "org", "org.", ".org", "org..a", "1org.a", "org.-a", "org.a-", "-a.b", "org.a_b", "org.é",
    ])
    func `A bad interface name is refused`(name: String) {
        #expect(throws: IDLError.self) { try InterfaceDescription(parsing: "interface \(name)\n") }
    }

    private static let head = "interface a.b\n"

    @Test(arguments: [
        ("", 1, 1, "expected \"interface\""),
        ("interfaces a.b", 1, 1, "expected \"interface\""),
        ("# c\n interface", 2, 11, "expected an interface name, found the end of the text"),
        ("interface org", 1, 11, "\"org\" is not an interface name"),
        (head + "struct T ()", 2, 1, "expected \"type\", \"method\" or \"error\", found \"struct\""),
        (head + "  ?", 2, 3, "expected \"type\", \"method\" or \"error\""),
        (head + "type t ()", 2, 6, "\"t\" is not a type name: it must be a capital followed by letters and digits"),
        (head + "type T_a ()", 2, 6, "\"T_a\" is not a type name: it must be a capital followed by letters and digits"),
        (head + "type (", 2, 6, "expected a type name, found \"(\""),
        (head + "type T int", 2, 8, "expected \"(\", found \"int\""),
        (head + "type T (a: int", 2, 15, "expected \",\" or \")\", found the end of the text"),
        (head + "type T (a: int,)", 2, 16, "expected a field name, found \")\""),
        (head + "type T (a int)", 2, 11, "expected \":\", \",\" or \")\", found \"int\""),
        (head + "type T (a, b: int)", 2, 13, "expected \",\" or \")\", found \":\""),
        (head + "type T (a: int, b)", 2, 18, "expected \":\" and the type of \"b\", found \")\""),
        (head + "type T (a: int,\n  a: int)", 3, 3, "\"a\" is declared twice"),
        (head + "type T (a, a)", 2, 12, "\"a\" is declared twice"),
        (head + "type T (a_: int)", 2, 9, "\"a_\" is not a field name"),
        (head + "type T (a__b: int)", 2, 9, "\"a__b\" is not a field name"),
        (head + "type T (1a: int)", 2, 9, "\"1a\" is not a field name"),
        (head + "type T (a: ??int)", 2, 13, "a nullable type cannot be made nullable again"),
        (head + "type T (a: [int]int)", 2, 13, "the key of a map must be \"string\", found \"int\""),
        (head + "type T (a: [", 2, 13, "expected \"]\" or \"string]\", found the end of the text"),
        (head + "type T (a: )", 2, 12, "expected a type, found \")\""),
        (head + "type T (a: integer)", 2, 12, "there is no type \"integer\""),
        (head + "type T (a: U)", 2, 12, "there is no type \"U\""),
        (head + "method T() -> ()\nerror E(a: T)", 3, 12, "there is no type \"T\""),
        (head + "method M() ()", 2, 12, "expected \"->\", found \"(\""),
        (head + "method M(a, b) -> ()", 2, 9, "expected fields with types, found an enumeration"),
        (head + "error E", 2, 8, "expected \"(\", found the end of the text"),
        (head + "type T ()\nerror T ()", 3, 7, "\"T\" is declared twice"),
        (head + "type T (a: \"x\")", 2, 12, "expected a type, found \"\"\""),
    ])
    func `A mistake is reported with its place and what was expected`(
        text: String,
        line: Int,
        column: Int,
        message: String
    ) throws {
        let error = try #require(throws: IDLError.self) { try InterfaceDescription(parsing: text) }
        #expect(error == IDLError(message: message, line: line, column: column))
    }

    @Test func `Types nest only so deep`() throws {
        let nested = { (depth: Int) in Self.head + "type T (a: \(String(repeating: "[]", count: depth))int)" }
        _ = try InterfaceDescription(parsing: nested(63))
        #expect(throws: IDLError.self) { try InterfaceDescription(parsing: nested(64)) }
        let braces = Self.head + "type T " + String(repeating: "(a: ", count: 100_000)
        #expect(throws: IDLError.self) { try InterfaceDescription(parsing: braces) }
    }

    @Test func `Damaged descriptions never crash the parser`() {
        var generator = SeededGenerator(seed: 3)
        let text = Array(certificationInterface.utf8)
        for _ in 0..<60 {
            var damaged = text
            for _ in 0..<3 {
                let place = Int.random(in: 0..<damaged.count, using: &generator)
                damaged[place] = UInt8.random(in: 0x20..<0x7F, using: &generator)
            }
            let end = Int.random(in: 0...damaged.count, using: &generator)
            _ = try? InterfaceDescription(parsing: String(decoding: damaged.prefix(end), as: UTF8.self))
        }
    }
}
