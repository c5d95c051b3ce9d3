/// One line of a file table: a file, folder or link of a backup.
package struct FileTableEntry: Codable, Sendable, Equatable {
    /// What an entry is.
    package enum FileType: String, Codable, Sendable {
        case file, directory, link
    }

    /// Files of more chunks than this have lists.
    package static let mostInlineChunks = 8

    /// Where it lies, relative to the data directory, as the table stores it: see ``pathBytes`` when ``encodedPath``.
    package var path: String
    /// Whether `path` holds `%XX` for bytes that are not UTF-8.
    package var encodedPath: Bool?
    /// What it is.
    package var type: FileType
    /// Permission bits.
    package var mode: UInt32
    /// The file's size in bytes.
    package var size: Int64?
    /// The file's chunks in order, at most 8.
    package var chunks: [ChunkID]?
    /// The list chunks that hold the ids of a larger file's chunks.
    package var lists: [ChunkID]?
    /// The list chunks that hold the marks of a stream's chunks: a help for the next backup.
    package var marks: [ChunkID]?
    /// Where a link points.
    package var target: String?

    private init(pathBytes: [UInt8], type: FileType, mode: UInt32) {
        if let text = String(validating: pathBytes, as: UTF8.self) {
            path = text
        } else {
            path = Self.percentEncoded(pathBytes)
            encodedPath = true
        }
        self.type = type
        self.mode = mode
    }

    /// A file.
    ///
    /// - Parameters:
    ///   - pathBytes: Its path, relative to the data directory.
    ///   - mode: Permission bits.
    ///   - size: Bytes.
    ///   - content: Its chunks, from ``ChunkListWriter``.
    ///   - marks: Of a stream, its marks, from ``MarkListWriter``.
    package static func file(
        pathBytes: [UInt8],
        mode: UInt32,
        size: Int64,
        content: FileContent,
        marks: [ChunkID]? = nil
    ) -> FileTableEntry {
        var entry = FileTableEntry(pathBytes: pathBytes, type: .file, mode: mode)
        entry.size = size
        entry.marks = marks
        switch content {
        case .chunks(let ids): entry.chunks = ids
        case .lists(let ids): entry.lists = ids
        }
        return entry
    }

    /// A folder.
    package static func directory(pathBytes: [UInt8], mode: UInt32) -> FileTableEntry {
        FileTableEntry(pathBytes: pathBytes, type: .directory, mode: mode)
    }

    /// A link, such as a tablespace's, with its original location.
    package static func link(pathBytes: [UInt8], mode: UInt32, target: String) -> FileTableEntry {
        var entry = FileTableEntry(pathBytes: pathBytes, type: .link, mode: mode)
        entry.target = target
        return entry
    }

    /// The path's bytes as the file system had them.
    package var pathBytes: [UInt8] {
        encodedPath == true ? Self.percentDecoded(Array(path.utf8)) : Array(path.utf8)
    }

    /// Whether the path may be joined to a target folder: relative, without empty parts, `.`, `..` or NUL.
    package var hasSafePath: Bool {
        let bytes = pathBytes
        guard !bytes.isEmpty, !bytes.contains(0) else { return false }
        return bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy {
            !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8)
        }
    }

    private static func percentEncoded(_ bytes: [UInt8]) -> String {
        // Invalid sequences are found by decoding one scalar at a time; the bytes that fit none are escaped.
        var output = ""
        var position = 0
        while position < bytes.count {
            let length = validLength(bytes[position...])
            if length == 0 || bytes[position] == UInt8(ascii: "%") {
                let hex = String(bytes[position], radix: 16, uppercase: true)
                output += "%" + (hex.count == 1 ? "0" : "") + hex
                position += 1
            } else {
                output += String(decoding: bytes[position..<position + length], as: UTF8.self)
                position += length
            }
        }
        return output
    }

    /// The length of the UTF-8 scalar that `bytes` begin with; 0 when they begin with none.
    private static func validLength(_ bytes: ArraySlice<UInt8>) -> Int {
        (1...4).first { $0 <= bytes.count && String(validating: bytes.prefix($0), as: UTF8.self) != nil } ?? 0
    }

    private static func percentDecoded(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        var position = 0
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: "%"), position + 2 < bytes.count,
                let byte = UInt8(String(decoding: bytes[position + 1...position + 2], as: UTF8.self), radix: 16)
            {
                output.append(byte)
                position += 3
            } else {
                output.append(bytes[position])
                position += 1
            }
        }
        return output
    }
}

/// Where the ids of a file's chunks are.
package enum FileContent: Sendable, Equatable {
    /// Here: at most 8.
    case chunks([ChunkID])
    /// In these list chunks.
    case lists([ChunkID])
}
