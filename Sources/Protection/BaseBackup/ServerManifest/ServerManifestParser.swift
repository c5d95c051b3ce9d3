import PostgresClient
import Repository

/// Reads PostgreSQL's backup manifest while it arrives, holding one line of it at a time.
///
/// The manifest is JSON (PostgreSQL documentation, "Backup Manifest Format"), and the server writes it with one file to a
/// line, the opening and closing of its lists on lines of their own, and its own SHA-256 on the last line, over all lines
/// before (src/backend/backup/backup_manifest.c). A manifest that is laid out otherwise is refused.
package struct ServerManifestParser {
    /// A line is at most this long: a path of 1,023 bytes, each written with six, and the other fields.
    private static let longestLine = 8_192

    private enum Section {
        /// Can transition to: files, ended.
        case top
        /// Can transition to: top.
        case files
        /// Can transition to: top.
        case walRanges
        /// The line with the checksum was read.
        case ended
    }

    private var section = Section.top
    private var line: [UInt8] = []
    private var lineNumber = 0
    private var hasher = DigestStream()
    private var version: Int?
    private var systemIdentifier: UInt64?
    private var walRanges: [WALRange] = []
    private var fileCount = 0

    package init() {}

    /// Takes the manifest's next bytes.
    ///
    /// - Parameters:
    ///   - bytes: The bytes, any number of them.
    ///   - file: Called for every file, in the manifest's order.
    /// - Throws: ``ServerManifestError``, or what `file` throws.
    package mutating func consume(
        _ bytes: UnsafeRawBufferPointer,
        _ file: (ServerManifestFile) throws -> Void
    ) throws {
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            try append(rest[...end])
            try readLine(file)
            rest = rest[(end + 1)...]
        }
        try append(rest)
    }

    /// Says that the manifest has ended.
    ///
    /// - Returns: What it says apart from the files.
    /// - Throws: ``ServerManifestError`` when it is not complete. (Its checksum was checked on the last line.)
    package func finish() throws(ServerManifestError) -> ServerManifest {
        guard case .ended = section, line.isEmpty, let version else { throw ServerManifestError(.truncated) }
        return ServerManifest(
            version: version,
            systemIdentifier: systemIdentifier,
            walRanges: walRanges,
            fileCount: fileCount
        )
    }

    private mutating func append(_ bytes: Slice<UnsafeRawBufferPointer>) throws(ServerManifestError) {
        guard line.count + bytes.count <= Self.longestLine else { throw malformed("the line is too long") }
        line.append(contentsOf: bytes)
    }

    /// Reads `line`, which ends in a line feed, and empties it.
    private mutating func readLine(_ file: (ServerManifestFile) throws -> Void) throws {
        lineNumber += 1
        var text = line[...]
        while let last = text.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: ",") { text.removeLast() }
        if text.starts(with: "\"Manifest-Checksum\"".utf8) {
            try readChecksum(text)
        } else {
            line.withUnsafeBytes { hasher.update($0) }
            switch section {
            case .top: try readTop(text)
            case .files:
                if text.elementsEqual("]".utf8) { section = .top } else { try file(readFile(text)) }
            case .walRanges:
                if text.elementsEqual("]".utf8) { section = .top } else { try readRange(text) }
            case .ended: throw malformed("there is text after the end")
            }
        }
        line.removeAll(keepingCapacity: true)
    }

    private mutating func readTop(_ text: ArraySlice<UInt8>) throws {
        if text.elementsEqual("\"Files\": [".utf8), version != nil {
            section = .files
        } else if text.elementsEqual("\"WAL-Ranges\": [".utf8), version != nil {
            section = .walRanges
        } else if version == nil {
            // The first line opens the object and is closed only by the last.
            let object = try self.object(text + [UInt8(ascii: "}")])
            guard let found = object.number("PostgreSQL-Backup-Manifest-Version") else {
                throw malformed("the version is missing")
            }
            guard (1...2).contains(found) else { throw ServerManifestError(.unsupportedVersion(Int(found))) }
            version = Int(found)
        } else if text.starts(with: "\"System-Identifier\": ".utf8) {
            // Larger than Int64 when the cluster was made after 2038.
            let digits = String(decoding: text.drop { $0 != UInt8(ascii: " ") }.dropFirst(), as: UTF8.self)
            guard let identifier = UInt64(digits) else { throw malformed("the system identifier is not a number") }
            systemIdentifier = identifier
        } else {
            throw malformed("an unknown key")
        }
    }

    private mutating func readFile(_ text: ArraySlice<UInt8>) throws(ServerManifestError) -> ServerManifestFile {
        let object = try object(text)
        let path: [UInt8]
        if let plain = object.string("Path") {
            path = plain
        } else if let encoded = object.string("Encoded-Path"), let bytes = Self.bytes(hex: encoded) {
            path = bytes
        } else {
            throw malformed("a file has no path")
        }
        guard !path.isEmpty, let size = object.number("Size"), size >= 0 else { throw malformed("a file has no size") }
        var crc32c: UInt32?
        if let algorithm = object.string("Checksum-Algorithm"), algorithm.elementsEqual("CRC32C".utf8) {
            // The checksum's bytes as they lie in the server's memory (pg_checksum_final): little-endian, on every
            // platform PostgreSQL has packages for.
            guard let checksum = object.string("Checksum").flatMap(Self.bytes(hex:)), checksum.count == 4 else {
                throw malformed("a file's checksum is not one")
            }
            crc32c = checksum.reversed().reduce(0) { $0 << 8 | UInt32($1) }
        }
        fileCount += 1
        return ServerManifestFile(path: path, size: size, crc32c: crc32c)
    }

    private mutating func readRange(_ text: ArraySlice<UInt8>) throws(ServerManifestError) {
        let object = try object(text)
        guard let timeline = object.number("Timeline").flatMap(UInt32.init(exactly:)).map({ TimelineID($0) }),
            let start = object.string("Start-LSN").flatMap({ LSN(String(decoding: $0, as: UTF8.self)) }),
            let end = object.string("End-LSN").flatMap({ LSN(String(decoding: $0, as: UTF8.self)) }),
            start <= end
        else { throw malformed("a WAL range is not one") }
        guard walRanges.count < 64 else { throw malformed("there are too many WAL ranges") }
        walRanges.append(WALRange(timeline: timeline, start: start, end: end))
    }

    private mutating func readChecksum(_ text: ArraySlice<UInt8>) throws(ServerManifestError) {
        guard case .top = section, version != nil else { throw malformed("the checksum stands inside a list") }
        let object = try object([UInt8(ascii: "{")] + text)
        let digest = hasher.digest
        guard object.string("Manifest-Checksum").map({ String(decoding: $0, as: UTF8.self) }) == digest.hex else {
            throw ServerManifestError(.checksum)
        }
        section = .ended
    }

    private func object(_ text: some Collection<UInt8>) throws(ServerManifestError) -> FlatJSONObject {
        do throws(FlatJSONObject.Malformed) {
            return try FlatJSONObject(text)
        } catch {
            throw malformed(error.what)
        }
    }

    private func malformed(_ what: String) -> ServerManifestError {
        ServerManifestError(.malformed(line: lineNumber, what: what))
    }

    private static func bytes(hex: [UInt8]) -> [UInt8]? {
        guard hex.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(hex.count / 2)
        for index in stride(from: 0, to: hex.count, by: 2) {
            guard let high = Character(UnicodeScalar(hex[index])).hexDigitValue,
                let low = Character(UnicodeScalar(hex[index + 1])).hexDigitValue
            else { return nil }
            bytes.append(UInt8(high << 4 | low))
        }
        return bytes
    }
}
