extension InterfaceDescription {
    /// A value that is not of its declared type.
    package struct Violation: Error, Sendable, Hashable, CustomStringConvertible {
        /// The way to the value, such as `filter.kinds[0]`.
        package let path: String
        /// What is wrong, as a clause.
        package let message: String

        /// The parameter's own name: what an `InvalidParameter` error names.
        package var parameter: String {
            String(path.prefix { $0 != "." && $0 != "[" })
        }

        package var description: String { "\"\(path)\": \(message)" }
    }

    /// Checks the parameters of a call to a method of this interface. Unknown parameters are violations too: a typing
    /// error must not pass for an option left at its default.
    package func validateInput(_ parameters: [String: JSONValue], ofMethod name: String) throws(Violation) {
        guard let method = method(name) else { throw Violation(path: name, message: "is not a method") }
        try validate(parameters, method.input, path: "")
    }

    /// Checks the parameters of a reply of a method of this interface.
    package func validateOutput(_ parameters: [String: JSONValue], ofMethod name: String) throws(Violation) {
        guard let method = method(name) else { throw Violation(path: name, message: "is not a method") }
        try validate(parameters, method.output, path: "")
    }

    /// Checks the parameters of an error of this interface; `name` is its short name.
    package func validateError(_ parameters: [String: JSONValue], ofError name: String) throws(Violation) {
        guard let fields = error(name) else { throw Violation(path: name, message: "is not an error") }
        try validate(parameters, fields, path: "")
    }

    private func validate(_ members: [String: JSONValue], _ fields: [Field], path: String) throws(Violation) {
        for field in fields {
            let fieldPath = path.isEmpty ? field.name : "\(path).\(field.name)"
            guard let value = members[field.name] else {
                guard case .nullable = field.type else { throw Violation(path: fieldPath, message: "is missing") }
                continue
            }
            try validate(value, field.type, path: fieldPath)
        }
        guard members.count > 0 else { return }
        let known = Set(fields.map(\.name))
        for name in members.keys.sorted() where !known.contains(name) {
            throw Violation(path: path.isEmpty ? name : "\(path).\(name)", message: "is unknown")
        }
    }

    private func validate(_ value: JSONValue, _ type: FieldType, path: String) throws(Violation) {
        func mismatch(_ expected: String) -> Violation {
            Violation(path: path, message: "expected \(expected), found \(value.kindName)")
        }
        switch type {
        case .bool: guard value.boolValue != nil else { throw mismatch("bool") }
        case .int: guard value.integerValue != nil else { throw mismatch("int") }
        case .float: guard value.doubleValue != nil else { throw mismatch("float") }
        case .string: guard value.stringValue != nil else { throw mismatch("string") }
        case .object: guard value.objectValue != nil else { throw mismatch("object") }
        case .any: break
        case .nullable(let inner): if !value.isNull { try validate(value, inner, path: path) }
        case .array(let inner):
            guard let elements = value.arrayValue else { throw mismatch("array") }
            for (index, element) in elements.enumerated() { try validate(element, inner, path: "\(path)[\(index)]") }
        case .map(let inner):
            guard let members = value.objectValue else { throw mismatch("object") }
            for (name, member) in members { try validate(member, inner, path: "\(path).\(name)") }
        case .structure(let fields):
            guard let members = value.objectValue else { throw mismatch("object") }
            try validate(members, fields, path: path)
        case .enumeration(let cases):
            guard let text = value.stringValue else { throw mismatch("string") }
            guard cases.contains(where: { $0.name == text }) else {
                let names = cases.map(\.name).joined(separator: ", ")
                throw Violation(path: path, message: "expected one of \(names), found \"\(text)\"")
            }
        case .named(let name):
            // The parser lets only declared types through; a description made by hand may lack one.
            guard case .type(let named) = member(name)?.kind else {
                throw Violation(path: path, message: "is of the undeclared type \"\(name)\"")
            }
            try validate(value, named, path: path)
        }
    }
}
