/// Reads the text of an interface description; the grammar is at varlink.org/Interface-Definition.
///
/// Comments before the interface, a member, a field or an enumeration value are kept as its documentation, and so is one
/// behind a field or value on its line. Comments elsewhere are dropped.
struct IDLParser {
    /// How deep types may nest.
    private static let maximumDepth = 64

    private var scanner: IDLScanner
    private var depth = 0
    /// Named types in use, with the place to complain about when one is not declared.
    private var references: [(name: String, place: IDLScanner.Place)] = []

    private init(_ text: String) { scanner = IDLScanner(text) }

    static func parse(_ text: String) throws(IDLError) -> InterfaceDescription {
        var parser = IDLParser(text)
        return try parser.interface()
    }

    private func error(_ message: String, _ place: IDLScanner.Place) -> IDLError {
        IDLError(message: message, line: place.line, column: place.column)
    }

    private mutating func interface() throws(IDLError) -> InterfaceDescription {
        let documentation = scanner.takeComments()
        let start = scanner.place()
        guard scanner.word() == "interface" else { throw error("expected \"interface\"", start) }
        let place = scanner.place()
        guard let name = scanner.dottedWord() else { throw scanner.expected("an interface name") }
        guard IDLNames.isInterfaceName(name) else { throw error("\"\(name)\" is not an interface name", place) }
        var interface = InterfaceDescription(name: name, documentation: documentation)
        var names: Set<String> = []
        while !scanner.isAtEnd {
            let documentation = scanner.takeComments()
            let keyword = scanner.place()
            let word = scanner.word()
            let place = scanner.place()
            var member: InterfaceDescription.Member
            switch word {
            case "type":
                let name = try memberName("a type name")
                member = .init(name: name, kind: .type(try parenthesised()))
            case "method":
                let name = try memberName("a method name")
                let input = try fields()
                try scanner.require("->")
                member = .init(name: name, kind: .method(input: input, output: try fields()))
            case "error":
                let name = try memberName("an error name")
                member = .init(name: name, kind: .error(try fields()))
            case let other:
                let found = other.map { ", found \"\($0)\"" } ?? ""
                throw error("expected \"type\", \"method\" or \"error\"\(found)", keyword)
            }
            member.documentation = documentation
            guard names.insert(member.name).inserted else { throw error("\"\(member.name)\" is declared twice", place) }
            interface.members.append(member)
        }
        try checkReferences(interface)
        return interface
    }

    private func checkReferences(_ interface: InterfaceDescription) throws(IDLError) {
        for reference in references {
            guard case .type = interface.member(reference.name)?.kind else {
                throw error("there is no type \"\(reference.name)\"", reference.place)
            }
        }
    }

    private mutating func memberName(_ what: String) throws(IDLError) -> String {
        let place = scanner.place()
        guard let name = scanner.word() else { throw scanner.expected(what) }
        guard IDLNames.isMemberName(name) else {
            throw error("\"\(name)\" is not \(what): it must be a capital followed by letters and digits", place)
        }
        return name
    }

    /// The fields of a method's input or output, or of an error.
    private mutating func fields() throws(IDLError) -> [InterfaceDescription.Field] {
        let place = scanner.place()
        guard case .structure(let fields) = try parenthesised() else {
            throw error("expected fields with types, found an enumeration", place)
        }
        return fields
    }

    /// A structure or an enumeration: the first element decides which.
    private mutating func parenthesised() throws(IDLError) -> InterfaceDescription.FieldType {
        try scanner.require("(")
        if scanner.take(")") { return .structure([]) }
        var fields: [InterfaceDescription.Field] = []
        var cases: [InterfaceDescription.Case] = []
        var names: Set<String> = []
        while true {
            var documentation = scanner.takeComments()
            let place = scanner.place()
            guard let name = scanner.word() else { throw scanner.expected("a field name") }
            guard IDLNames.isFieldName(name) else { throw error("\"\(name)\" is not a field name", place) }
            guard names.insert(name).inserted else { throw error("\"\(name)\" is declared twice", place) }
            var type: InterfaceDescription.FieldType?
            if cases.isEmpty {
                if scanner.take(":") {
                    type = try self.type()
                } else if !fields.isEmpty {
                    throw scanner.expected("\":\" and the type of \"\(name)\"")
                }
            }
            documentation += scanner.takeTrailingComment()
            let goesOn = scanner.take(",")
            if goesOn { documentation += scanner.takeTrailingComment() }
            if let type {
                fields.append(.init(name: name, documentation: documentation, type: type))
            } else {
                cases.append(.init(name: name, documentation: documentation))
            }
            if goesOn { continue }
            guard scanner.take(")") else {
                let isField = !fields.isEmpty
                throw scanner.expected(isField || cases.count > 1 ? "\",\" or \")\"" : "\":\", \",\" or \")\"")
            }
            return cases.isEmpty ? .structure(fields) : .enumeration(cases)
        }
    }

    private mutating func type() throws(IDLError) -> InterfaceDescription.FieldType {
        depth += 1
        defer { depth -= 1 }
        let place = scanner.place()
        guard depth <= Self.maximumDepth else { throw error("types nest deeper than \(Self.maximumDepth)", place) }
        if scanner.take("?") {
            let inner = scanner.place()
            let type = try type()
            if case .nullable = type { throw error("a nullable type cannot be made nullable again", inner) }
            return .nullable(type)
        }
        if scanner.take("[") {
            if scanner.take("]") { return .array(try type()) }
            let key = scanner.place()
            guard let word = scanner.word() else { throw scanner.expected("\"]\" or \"string]\"") }
            guard word == "string" else { throw error("the key of a map must be \"string\", found \"\(word)\"", key) }
            try scanner.require("]")
            return .map(try type())
        }
        guard let name = scanner.word() else {
            if scanner.isNext("(") { return try parenthesised() }
            throw scanner.expected("a type")
        }
        if let basic = IDLNames.basicTypes[name] { return basic }
        guard IDLNames.isMemberName(name) else { throw error("there is no type \"\(name)\"", place) }
        references.append((name, place))
        return .named(name)
    }
}

extension InterfaceDescription {
    /// Reads the text of an interface description.
    ///
    /// - Throws: the first mistake, with its place and what was expected there.
    package init(parsing text: String) throws(IDLError) { self = try IDLParser.parse(text) }
}
