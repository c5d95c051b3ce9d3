/// The escapes of URLs.
enum PercentEncoding {
    /// Decodes `%XX` where both digits are there and the whole is UTF-8; otherwise the text as it is.
    static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            // `UInt8("+f", radix: 16)` is 15, so that only digits may come here.
            if byte == UInt8(ascii: "%"), digits.count == 2, digits.allSatisfy(\.isHexadecimal),
                let code = UInt8(String(Substring(digits)), radix: 16)
            {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self) ?? String(text)
    }
}
