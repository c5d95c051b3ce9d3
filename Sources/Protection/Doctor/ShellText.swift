/// Quoting of words for a POSIX shell, so that a line can be copied as it is.
enum ShellText {
    /// `text` as one word that the shell changes nothing in; plain words stay plain.
    static func word(_ text: String) -> String {
        let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:@%+=,-".unicodeScalars)
        if !text.isEmpty, text.unicodeScalars.allSatisfy(plain.contains) { return text }
        if !text.contains("'") { return "'\(text)'" }
        // An interactive bash expands "!" in double quotes.
        if !text.contains(where: { "\"\\$`!".contains($0) }) { return "\"\(text)\"" }
        return "'" + text.replacing("'", with: "'\\''") + "'"
    }

    /// `text` in double quotes, for a word inside a script that stands in single quotes itself.
    static func doubleQuoted(_ text: String) -> String {
        var quoted = "\""
        for character in text {
            if "\"\\$`".contains(character) { quoted.append("\\") }
            quoted.append(character)
        }
        return quoted + "\""
    }
}
