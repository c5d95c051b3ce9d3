/// The rules for names in an interface description, from the grammar at varlink.org.
enum IDLNames {
    /// The words of the language for types; a field may be called so, a type may not (it starts with a capital).
    static let basicTypes: [String: InterfaceDescription.FieldType] = [
        "bool": .bool, "int": .int, "float": .float, "string": .string, "object": .object, "any": .any,
    ]

    /// Two or more parts joined by dots, of letters, digits and inner dashes; the first starts with a letter.
    static func isInterfaceName(_ name: String) -> Bool {
        let parts = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count >= 2, let first = name.utf8.first, isLetter(first) else { return false }
        return parts.allSatisfy { part in
            guard let first = part.first, let last = part.last else { return false }
            return isLetterOrDigit(first) && isLetterOrDigit(last)
                && part.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
        }
    }

    /// A capital, then letters and digits: types, methods and errors.
    static func isMemberName(_ name: String) -> Bool {
        guard let first = name.utf8.first, (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first) else { return false }
        return name.utf8.allSatisfy(isLetterOrDigit)
    }

    /// A letter, then letters, digits and single inner underscores: fields and enumeration values.
    static func isFieldName(_ name: String) -> Bool {
        guard let first = name.utf8.first, let last = name.utf8.last, isLetter(first), isLetterOrDigit(last) else {
            return false
        }
        return !name.contains("__") && name.utf8.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "_") }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        isLetter(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
