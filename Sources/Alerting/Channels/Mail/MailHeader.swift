import FoundationEssentials

/// Header fields whose text may hold anything: what ASCII can't say becomes encoded words (RFC 2047), and nothing ends a
/// field before its end.
enum MailHeader {
    /// As long as a line should be (RFC 5322, 2.1.1).
    private static let lineLength = 78
    /// What fits into an encoded word of 75 characters beside `=?utf-8?B?` and `?=`, in bytes before base64.
    private static let wordBytes = 45

    /// A field of free text, such as `Subject`.
    static func field(_ name: String, text: String) -> String {
        let line = PlainText.line(text)
        let plain = "\(name): \(line)"
        return isPlain(line) && plain.utf8.count <= lineLength ? plain : "\(name): \(encoded(line))"
    }

    /// A field with a name and an address, such as `From`.
    static func field(_ name: String, phrase: String, address: String) -> String {
        let line = PlainText.line(phrase)
        let address = PlainText.line(address)
        let quoted = "\(name): \"\(line.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
        let start = isPlain(line) && quoted.utf8.count <= lineLength ? quoted : "\(name): \(encoded(line))"
        return "\(start)\r\n <\(address)>"
    }

    private static func isPlain(_ line: String) -> Bool {
        line.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } && !line.contains("=?")
    }

    /// Encoded words, a line each: a reader joins them again without the space between.
    private static func encoded(_ line: String) -> String {
        var words: [String] = []
        var word: [UInt8] = []
        // A character's bytes stay together, as RFC 2047 demands; what reaches beyond a scalar is joined by the reader.
        for scalar in line.unicodeScalars {
            let bytes = Array(String(Character(scalar)).utf8)
            if word.count + bytes.count > wordBytes {
                words.append(Data(word).base64EncodedString())
                word = []
            }
            word += bytes
        }
        if !word.isEmpty { words.append(Data(word).base64EncodedString()) }
        return words.map { "=?utf-8?B?\($0)?=" }.joined(separator: "\r\n ")
    }
}
