/// Where the operator wants a tablespace: `--tablespace OLD=NEW`.
package struct TablespaceMapping: Hashable, Sendable {
    /// The tablespace's original location, an absolute path, or its OID in decimal.
    package let old: String
    /// The folder that its files are to lie in, an absolute path.
    package let new: String

    /// Takes a mapping as written on the command line. A `=` inside a path is written `\=`.
    ///
    /// - Throws: ``RestoreError``, `tablespaceInvalid`, when it is not `OLD=NEW` with a new place that is absolute.
    package init(parsing text: String) throws {
        var parts: [String] = [""]
        var isEscaped = false
        for character in text {
            if isEscaped {
                parts[parts.count - 1] += character == "=" ? "=" : "\\\(character)"
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "=" {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
        }
        if isEscaped { parts[parts.count - 1] += "\\" }
        guard parts.count == 2 else {
            throw RestoreError(
                .tablespaceInvalid,
                "'\(text)' is not a tablespace mapping",
                hint: "Write --tablespace OLD=NEW, with the original location (or the OID) and the new folder."
            )
        }
        try self.init(old: parts[0], new: parts[1])
    }

    /// - Throws: ``RestoreError``, `tablespaceInvalid`, when `old` is neither an absolute path nor an OID, or `new` is
    ///   not an absolute path.
    package init(old: String, new: String) throws {
        guard old.hasPrefix("/") || UInt32(old) != nil else {
            throw RestoreError(
                .tablespaceInvalid,
                "'\(old)' is neither the original location of a tablespace nor its OID",
                hint: "Write --tablespace OLD=NEW, with the original location (or the OID) and the new folder."
            )
        }
        guard new.hasPrefix("/"), new.contains(where: { $0 != "/" }) else {
            throw RestoreError(
                .tablespaceInvalid,
                "'\(new)' can't hold a tablespace",
                hint: "Give the new folder as an absolute path."
            )
        }
        self.old = TablespaceMapping.withoutTrailingSlashes(old)
        self.new = TablespaceMapping.withoutTrailingSlashes(new)
    }

    private static func withoutTrailingSlashes(_ path: String) -> String {
        var path = Substring(path)
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return String(path)
    }
}
