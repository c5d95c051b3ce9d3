extension FileTableEntry {
    /// The entry as a line of the table, with sorted keys and the line feed.
    ///
    /// Written by hand, for the bytes must be the same whenever the file is: they decide whether a stretch of the table
    /// is a chunk that the repository has already.
    package var line: [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(160 + path.utf8.count + 67 * ((chunks ?? lists)?.count ?? 0) + 67 * (marks?.count ?? 0))
        var separator = "{"
        func key(_ name: String) {
            output += "\(separator)\"\(name)\":".utf8
            separator = ","
        }
        if let chunks {
            key("chunks")
            Self.append(chunks, to: &output)
        }
        if encodedPath == true {
            key("encodedPath")
            output += "true".utf8
        }
        if let lists {
            key("lists")
            Self.append(lists, to: &output)
        }
        if let marks {
            key("marks")
            Self.append(marks, to: &output)
        }
        key("mode")
        output += "\(mode)".utf8
        key("path")
        Self.append(path, to: &output)
        if let size {
            key("size")
            output += "\(size)".utf8
        }
        if let target {
            key("target")
            Self.append(target, to: &output)
        }
        key("type")
        Self.append(type.rawValue, to: &output)
        output += "}\n".utf8
        return output
    }

    private static func append(_ ids: [ChunkID], to output: inout [UInt8]) {
        output.append(UInt8(ascii: "["))
        for (index, id) in ids.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            append(id.hex, to: &output)
        }
        output.append(UInt8(ascii: "]"))
    }

    /// A JSON string (RFC 8259, section 7): only what must be escaped is.
    static func append(_ text: String, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                output.append(UInt8(ascii: "\\"))
                output.append(byte)
            case 0..<0x20:
                output += "\\u00\(byte < 16 ? "0" : "1")\(String(byte & 15, radix: 16))".utf8
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }
}
