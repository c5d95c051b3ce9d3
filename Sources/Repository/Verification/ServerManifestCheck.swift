import Blocking
import FoundationEssentials

/// Compares a backup's files with PostgreSQL's own list of them, the file `backup_manifest` inside the backup: names,
/// sizes, and checksums where all chunks of a file have been decoded.
///
/// Memory: one chunk and a bounded sort, however many files there are.
struct ServerManifestCheck {
    /// Where the list lies in a base backup.
    static let path = "backup_manifest"

    private let reader: FileTableReader
    private let source: any ChunkSource
    private let index: IndexFile
    private let checksums: ChunkChecksums?
    private let folder: String

    /// A line of the list. PostgreSQL writes one file a line (basebackup manifest, since version 13).
    private struct Line: Decodable {
        var path: String?
        var encodedPath: String?
        var size: Int64
        var algorithm: String?
        var checksum: String?

        enum CodingKeys: String, CodingKey {
            case path = "Path"
            case encodedPath = "Encoded-Path"
            case size = "Size"
            case algorithm = "Checksum-Algorithm"
            case checksum = "Checksum"
        }

        /// The path as a file table has it; `nil` when there is none.
        var tablePath: String? {
            if let path { return path }
            guard let digits = encodedPath.map({ Array($0.utf8) }), digits.count % 2 == 0 else { return nil }
            var bytes: [UInt8] = []
            for start in stride(from: 0, to: digits.count, by: 2) {
                guard let byte = UInt8(String(decoding: digits[start...start + 1], as: UTF8.self), radix: 16) else {
                    return nil
                }
                bytes.append(byte)
            }
            return FileTableEntry.directory(pathBytes: bytes, mode: 0).path
        }
    }

    init(
        root: ChunkID,
        source: any ChunkSource,
        index: IndexFile,
        checksums: ChunkChecksums?,
        folder: String
    ) throws {
        reader = try FileTableReader(root: root, source: source)
        self.source = source
        self.index = index
        self.checksums = checksums
        self.folder = folder
    }

    /// What does not fit, one sentence each; at most 20.
    func run(cancellation: CancellationFlag?) throws -> [String] {
        guard let list = try reader.entry(forPath: Self.path) else { return [] }
        var findings: [String] = []
        let records = try sorted(list, &findings)
        reader.rewind()
        var entry = try reader.next()
        while let record = try records.next(), findings.count < 20 {
            try cancellation?.check()
            let path = String(decoding: record.key, as: UTF8.self)
            while let passed = entry, bytewiseLess(passed.path, path) { entry = try reader.next() }
            guard let found = entry, found.path == path, found.type == .file else {
                findings.append("PostgreSQL's list names the file '\(path)', which is not in the backup")
                continue
            }
            let size = Int64(littleEndian: record.payload.loadUnaligned(as: Int64.self))
            if found.size != size {
                findings.append("file '\(path)' has \(found.size ?? 0) bytes, PostgreSQL's list says \(size)")
            } else if record.payload.count == 12 {
                let expected = UInt32(littleEndian: record.payload.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
                if let sum = try checksum(of: found), sum.value != expected {
                    findings.append("file '\(path)' does not have the checksum in PostgreSQL's list")
                }
            }
        }
        return findings
    }

    /// The list's files by path: size, and CRC-32C where there is one.
    private func sorted(_ list: FileTableEntry, _ findings: inout [String]) throws -> SortedRecords {
        let sorter = ExternalSorter(folder: folder, memory: 1 << 20)
        let decoder = JSONDecoder()
        var cursor = reader.chunkIDs(of: list)
        var rest: [UInt8] = []
        while let id = try cursor.next() {
            rest += try source.read(id)
            var start = 0
            while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
                try add(rest[start..<end], to: sorter, decoder, &findings)
                start = end + 1
            }
            rest.removeFirst(start)
            guard rest.count < 1 << 20 else {
                findings.append("PostgreSQL's list of the backup's files has a line without end")
                break
            }
        }
        return try sorter.finish()
    }

    private func add(
        _ text: ArraySlice<UInt8>,
        to sorter: ExternalSorter,
        _ decoder: JSONDecoder,
        _ findings: inout [String]
    ) throws {
        let line = text.last == UInt8(ascii: ",") ? text.dropLast() : text
        guard line.starts(with: #"{ "Path""#.utf8) || line.starts(with: #"{ "Encoded-Path""#.utf8) else { return }
        guard let file = try? decoder.decode(Line.self, from: Data(line)), var path = file.tablePath else {
            findings.append("PostgreSQL's list of the backup's files can't be read")
            return
        }
        var payload = withUnsafeBytes(of: file.size.littleEndian) { Array($0) }
        if file.algorithm == "CRC32C", let checksum = file.checksum.flatMap(Self.checksum) {
            payload += withUnsafeBytes(of: checksum.littleEndian) { Array($0) }
        }
        try path.withUTF8 { path in
            try payload.withUnsafeBytes {
                try sorter.append(key: UnsafeRawBufferPointer(path), payload: $0)
            }
        }
    }

    /// PostgreSQL prints the four bytes as they lie in memory, so little-endian on every machine it supports here.
    private static func checksum(_ hex: String) -> UInt32? {
        hex.utf8.count == 8 ? UInt32(hex, radix: 16)?.byteSwapped : nil
    }

    /// A file's checksum from its chunks'; `nil` when one of them was not decoded.
    private func checksum(of entry: FileTableEntry) throws -> CRC32C? {
        guard let checksums else { return nil }
        var sum = CRC32C()
        var cursor = reader.chunkIDs(of: entry)
        while let id = try cursor.next() {
            guard let position = try index.firstPosition(of: id), let part = try checksums.checksum(at: position) else {
                return nil
            }
            sum.append(part, count: Int(try index.entry(at: position).rawBytes))
        }
        return sum
    }
}
