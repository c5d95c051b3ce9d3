import Testing
import Varlink

struct IDLPrinterTests {
    @Test func `The canonical form breaks long parentheses and those with comments`() throws {
        let text = """
            interface   a.b # x
            type Short(a:int,b:?[]string)
            method M( first_parameter: string, second_parameter: [string]int ) -> ( ok: bool, note: ?string )
            # doc
            type E(one,
              # the second
              two)
            """
        let expected = """
            interface a.b

            # x
            type Short (a: int, b: ?[]string)

            method M(first_parameter: string, second_parameter: [string]int) -> (
              ok: bool,
              note: ?string
            )

            # doc
            type E (
              one,
              # the second
              two
            )

            """
        #expect(try InterfaceDescription(parsing: text).description == expected)
    }

    @Test(arguments: [ServiceInterface.description, certificationInterface])
    func `Known descriptions survive printing`(text: String) throws {
        let description = try InterfaceDescription(parsing: text)
        #expect(try InterfaceDescription(parsing: description.description) == description)
        #expect(try InterfaceDescription(parsing: description.description).description == description.description)
    }

    @Test(arguments: 0..<40)
    func `Any description survives printing`(seed: UInt64) throws {
        var generator = RandomDescription(generator: SeededGenerator(seed: seed))
        let description = generator.interface()
        #expect(try InterfaceDescription(parsing: description.description) == description)
    }
}

/// Makes up interface descriptions.
private struct RandomDescription {
    var generator: SeededGenerator

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }

    private mutating func comment() -> [String] {
        guard chance(30) else { return [] }
        let lines = ["", "plain", "with # sign", " indented", "é (a: int)"]
        return (0..<Int.random(in: 1...3, using: &generator)).map { _ in
            lines[Int.random(in: 0..<lines.count, using: &generator)]
        }
    }

    mutating func interface() -> InterfaceDescription {
        let members = (0..<Int.random(in: 1...6, using: &generator)).map { index in member(index) }
        return InterfaceDescription(name: "org.example.random", documentation: comment(), members: members)
    }

    private mutating func member(_ index: Int) -> InterfaceDescription.Member {
        // The first is always a type, so that there is one to refer to.
        let kind: InterfaceDescription.Kind =
            switch index == 0 ? 0 : Int.random(in: 0..<4, using: &generator) {
            case 0: .type(.structure(fields(3)))
            case 1: .type(.enumeration(cases()))
            case 2: .method(input: fields(3), output: fields(3))
            default: .error(fields(3))
            }
        return .init(name: "Member\(index)", documentation: comment(), kind: kind)
    }

    private mutating func cases() -> [InterfaceDescription.Case] {
        (0...Int.random(in: 0..<12, using: &generator)).map { .init(name: "value_\($0)", documentation: comment()) }
    }

    private mutating func fields(_ depth: Int) -> [InterfaceDescription.Field] {
        (0..<Int.random(in: 0..<5, using: &generator)).map { index in
            .init(name: "field_\(index)", documentation: comment(), type: type(depth))
        }
    }

    private mutating func type(_ depth: Int) -> InterfaceDescription.FieldType {
        switch Int.random(in: 0..<(depth > 0 ? 12 : 7), using: &generator) {
        case 0: return .bool
        case 1: return .int
        case 2: return .float
        case 3: return .string
        case 4: return .object
        case 5: return .any
        case 6: return .named("Member0")
        case 7: return .array(type(depth - 1))
        case 8: return .map(type(depth - 1))
        case 9:
            let inner = type(depth - 1)
            if case .nullable = inner { return inner }
            return .nullable(inner)
        case 10: return .structure(fields(depth - 1))
        default: return .enumeration(cases())
        }
    }
}
