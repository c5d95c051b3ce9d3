/// The fields of one ustar header block.
struct TarHeader {
    /// Sizes above this are refused: no file on any file system PostgreSQL runs on is larger, and sums stay in range.
    private static let largestSize: Int64 = 1 << 60

    /// Exactly 512 bytes.
    let block: UnsafeRawBufferPointer

    /// Reads the block.
    ///
    /// - Throws: ``TarError`` when it is not a header of a file, directory or symbolic link.
    func entry() throws(TarError) -> TarEntry {
        guard try sum() == number(148, 8, "chksum") else { throw TarError(.headerChecksum) }
        // "ustar" and a NUL (POSIX) or a space (GNU).
        guard text(257, 5).elementsEqual("ustar".utf8) else { throw TarError(.notUstar) }
        var path = text(0, 100)
        let prefix = text(345, 155)
        if !prefix.isEmpty { path = prefix + [UInt8(ascii: "/")] + path }
        while path.last == UInt8(ascii: "/") { path.removeLast() }
        // PostgreSQL writes "./pg_wal/archive_status", and all other names without the dot.
        if path.starts(with: "./".utf8) { path.removeFirst(2) }
        guard !path.isEmpty else { throw TarError(.emptyPath) }
        let member = String(decoding: path, as: UTF8.self)
        let mode: Int64
        let size: Int64
        do throws(TarError) {
            mode = try number(100, 8, "mode")
            size = try number(124, 12, "size")
        } catch {
            throw TarError(error.reason, member: member)
        }
        guard (0...Self.largestSize).contains(size) else { throw TarError(.size, member: member) }
        let type = block[156]
        let kind: TarEntry.Kind
        switch type {
        case UInt8(ascii: "0"), 0: kind = .file
        case UInt8(ascii: "5"): kind = .directory
        case UInt8(ascii: "2"): kind = .link(target: text(157, 100))
        default: throw TarError(.unsupportedType(type), member: member)
        }
        // Directories and links have no contents; a size there would be taken for the next header.
        guard kind == .file || size == 0 else { throw TarError(.size, member: member) }
        return TarEntry(path: path, kind: kind, mode: UInt16(mode & 0o7777), size: size)
    }

    /// The sum of all bytes, with the checksum field taken as spaces.
    private func sum() -> Int64 {
        var sum: Int64 = 0
        for index in 0..<block.count {
            sum += Int64((148..<156).contains(index) ? UInt8(ascii: " ") : block[index])
        }
        return sum
    }

    /// The bytes of a field up to its first NUL.
    private func text(_ start: Int, _ length: Int) -> [UInt8] {
        Array(block[start..<start + length].prefix { $0 != 0 })
    }

    /// A field's number: octal digits with spaces or NULs around them, or base-256 when the first byte's top bit is set.
    private func number(_ start: Int, _ length: Int, _ field: String) throws(TarError) -> Int64 {
        let bytes = block[start..<start + length]
        var value: UInt64 = 0
        if let first = bytes.first, first & 0x80 != 0 {
            for (index, byte) in bytes.enumerated() {
                // 0x80 marks the encoding; 0xFF would begin a negative number, which no field here can be.
                let digit = index == 0 ? byte & 0x7F : byte
                guard value >> 55 == 0 else { throw TarError(.number(field: field)) }
                value = value << 8 | UInt64(digit)
            }
            return Int64(value)
        }
        var digits = 0
        var ended = false
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "7") where !ended:
                // Twelve octal digits are 36 bits, so this never overflows.
                value = value << 3 | UInt64(byte - UInt8(ascii: "0"))
                digits += 1
            case UInt8(ascii: " "), 0:
                if digits > 0 || byte == 0 { ended = true }
            default:
                throw TarError(.number(field: field))
            }
        }
        return Int64(value)
    }
}
