/// What a server's warning during a base backup says of a page whose checksum is wrong.
///
/// PostgreSQL reports such pages as warnings while it sends the files, and at the end fails with SQLSTATE XX001, after all
/// data. The warnings are texts in the server's language, so only what no translation changes is read: the path, and
/// the first number behind it (src/backend/backup/basebackup.c, `sendFile`).
package struct ChecksumNotice: Sendable, Equatable {
    /// The file, relative to the data directory.
    package var path: String
    /// The page's number in the file, from 0.
    package var block: Int64

    /// Reads a warning.
    ///
    /// - Parameters:
    ///   - message: The warning's primary text.
    ///   - tablespaces: Where tablespaces lie on the server, by oid: their files are named by their real place.
    /// - Returns: `nil` when the text names no page of a file in the data directory: a sum of such warnings, or another
    ///   matter altogether.
    package init?(message: String, tablespaces: [UInt32: String] = [:]) {
        let bytes = Array(message.utf8)
        guard let start = Self.start(in: bytes, tablespaces) else { return nil }
        var path = Array(bytes[start...].prefix { !Self.endsPath($0) })
        // French and its like put « » around names; their first byte ends the path, and no path ends in a space.
        while path.last == UInt8(ascii: " ") { path.removeLast() }
        let behind = bytes[(start + path.count)...]
        let number = behind.drop { !Self.isDigit($0) }
        let digits = number.prefix(while: Self.isDigit)
        // The two checksums follow behind a colon; the sums at the end ("a total of 3 …") have none.
        let rest = number.dropFirst(digits.count)
        guard let block = Int64(String(decoding: digits, as: UTF8.self)),
            rest.contains(UInt8(ascii: ":")) || String(decoding: rest, as: UTF8.self).contains("\u{FF1A}")
        else { return nil }
        self.block = block
        self.path = Self.relative(String(decoding: path, as: UTF8.self), tablespaces)
    }

    private static func start(in bytes: [UInt8], _ tablespaces: [UInt32: String]) -> Int? {
        let roots = ["./base/", "./global/", "./pg_tblspc/", "base/", "global/", "pg_tblspc/"] + tablespaces.values
        for index in bytes.indices {
            if index > 0, !isOpening(bytes[index - 1]) { continue }
            if roots.contains(where: { bytes[index...].starts(with: $0.utf8) }) { return index }
        }
        return nil
    }

    private static func relative(_ path: String, _ tablespaces: [UInt32: String]) -> String {
        if path.hasPrefix("./") { return String(path.dropFirst(2)) }
        for (oid, location) in tablespaces where path.hasPrefix(location + "/") {
            return "pg_tblspc/\(oid)" + path.dropFirst(location.utf8.count)
        }
        return path
    }

    /// A quotation mark of any language (the last byte of one), or a space.
    private static func isOpening(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: " ") || byte == UInt8(ascii: "'") || byte >= 0x80
    }

    private static func endsPath(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: ",") || byte >= 0x80
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
