/// A Varlink interface as a tree: what its description text says.
package struct InterfaceDescription: Sendable, Hashable {
    /// The interface's name, such as `org.varlink.service`.
    package var name: String
    /// The comment before it, a line each without `#` and one space.
    package var documentation: [String]
    /// The types, methods and errors in the order of the text.
    package var members: [Member]

    package init(name: String, documentation: [String] = [], members: [Member] = []) {
        self.name = name
        self.documentation = documentation
        self.members = members
    }

    /// A type, a method or an error.
    package struct Member: Sendable, Hashable {
        /// Its name, unique in the interface.
        package var name: String
        /// The comment before it, a line each.
        package var documentation: [String]
        /// What it is.
        package var kind: Kind

        package init(name: String, documentation: [String] = [], kind: Kind) {
            self.name = name
            self.documentation = documentation
            self.kind = kind
        }
    }

    /// What a member is.
    package enum Kind: Sendable, Hashable {
        /// A named type: always ``FieldType/structure(_:)`` or ``FieldType/enumeration(_:)``.
        case type(FieldType)
        /// A method with its input and output.
        case method(input: [Field], output: [Field])
        /// An error with its parameters.
        case error([Field])
    }

    /// A field of a structure.
    package struct Field: Sendable, Hashable {
        /// Its name, unique in the structure.
        package var name: String
        /// The comment before it or behind it on its line, a line each.
        package var documentation: [String]
        /// Its type.
        package var type: FieldType

        package init(name: String, documentation: [String] = [], type: FieldType) {
            self.name = name
            self.documentation = documentation
            self.type = type
        }
    }

    /// A value of an enumeration.
    package struct Case: Sendable, Hashable {
        /// Its name, which is also its text on the wire.
        package var name: String
        /// The comment before it or behind it on its line, a line each.
        package var documentation: [String]

        package init(name: String, documentation: [String] = []) {
            self.name = name
            self.documentation = documentation
        }
    }

    /// The type of a field.
    package indirect enum FieldType: Sendable, Hashable {
        case bool
        case int
        case float
        case string
        /// Any JSON object, described elsewhere.
        case object
        /// Any JSON value.
        case any
        /// A type of the same interface.
        case named(String)
        /// `?`: may be `null` or absent. Never holds another `nullable`.
        case nullable(FieldType)
        /// `[]`
        case array(FieldType)
        /// `[string]`
        case map(FieldType)
        /// Fields in parentheses; empty for a set's elements.
        case structure([Field])
        /// Names in parentheses; never empty.
        case enumeration([Case])
    }
}

extension InterfaceDescription {
    /// The member called `name`.
    package func member(_ name: String) -> Member? { members.first { $0.name == name } }

    /// The input and output of the method called `name`.
    package func method(_ name: String) -> (input: [Field], output: [Field])? {
        for member in members where member.name == name {
            if case .method(let input, let output) = member.kind { return (input, output) }
        }
        return nil
    }

    /// The parameters of the error called `name`.
    package func error(_ name: String) -> [Field]? {
        for member in members where member.name == name {
            if case .error(let fields) = member.kind { return fields }
        }
        return nil
    }

    /// The names of all methods, in the order of the text.
    package var methodNames: [String] {
        members.compactMap { if case .method = $0.kind { $0.name } else { nil } }
    }
}
