/// Makes tar archives for tests, byte by byte as the ustar format has them.
struct TarArchive {
    private(set) var bytes: [UInt8] = []

    /// Adds a member.
    ///
    /// - Parameters:
    ///   - name: The header's name field; directories and links end in a slash, as PostgreSQL writes them.
    ///   - prefix: The header's prefix field.
    ///   - type: The header's type.
    ///   - mode: Permission bits.
    ///   - contents: A file's bytes.
    ///   - link: Where a link points.
    ///   - size: The size to write into the header when it is not that of the contents.
    ///   - base256: Whether the size is written in GNU's form for large numbers.
    mutating func add(
        _ name: String,
        prefix: String = "",
        type: Character = "0",
        mode: Int = 0o600,
        contents: [UInt8] = [],
        link: String = "",
        size: Int64? = nil,
        base256: Bool = false
    ) {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int) {
            for (index, byte) in text.utf8.enumerated() { header[offset + index] = byte }
        }
        func octal(_ number: Int64, _ digits: Int) -> String {
            let text = String(number, radix: 8)
            return String(repeating: "0", count: digits - text.utf8.count) + text
        }
        let size = size ?? Int64(contents.count)
        put(name, at: 0)
        put(octal(Int64(mode), 7), at: 100)
        put(octal(0, 7), at: 108)
        put(octal(0, 7), at: 116)
        if base256 {
            header[124] = 0x80
            for index in 0..<8 { header[128 + index] = UInt8(truncatingIfNeeded: size >> (8 * (7 - index))) }
        } else {
            put(octal(size, 11), at: 124)
        }
        put(octal(0, 11), at: 136)
        put(String(type), at: 156)
        put(link, at: 157)
        put("ustar", at: 257)
        put("00", at: 263)
        put(prefix, at: 345)
        for index in 148..<156 { header[index] = UInt8(ascii: " ") }
        let sum = header.reduce(0) { $0 + Int64($1) }
        put(octal(sum, 6), at: 148)
        header[154] = 0
        header[155] = UInt8(ascii: " ")
        bytes += header + contents
        bytes += [UInt8](repeating: 0, count: (512 - contents.count % 512) % 512)
    }

    /// Adds the zero blocks that may stand at an archive's end.
    mutating func end(blocks: Int = 2) {
        bytes += [UInt8](repeating: 0, count: 512 * blocks)
    }

    /// Changes a byte.
    mutating func change(_ offset: Int, to byte: UInt8) {
        bytes[offset] = byte
    }
}
