/// What a repository says of itself in `recyclic-repository.json`.
package struct RepositoryHeader: Codable, Sendable, Equatable {
    /// The newest format this code knows.
    package static let newestFormat = 1

    /// Where the files of a base backup are cut, in bytes.
    package var chunkBytes: Int
    /// When it was made.
    package var createdAt: UTCTime
    /// The number of the format it is written in.
    package var format: Int
    /// A random UUID, lower case.
    package var id: String

    /// Where new repositories cut files.
    ///
    /// Each chunk is compressed by itself, so longer ones are stored in less: of pgbench's tables and text rows, at zstd
    /// level 3, 128 KiB take 1.17 times what one stream a file takes, 256 KiB 1.13, 512 KiB 1.07, 1 MiB 1.04. But chunks in
    /// flight and the bases of deltas are held in memory.
    package static let standardChunkBytes = 524_288

    /// A new repository's description.
    package init(createdAt: UTCTime) {
        chunkBytes = Self.standardChunkBytes
        self.createdAt = createdAt
        format = Self.newestFormat
        id = randomUUID()
    }

    /// The file's bytes: JSON, then the SHA-256 of all before it.
    package func encoded() throws -> [UInt8] {
        let json = try RepositoryJSON.encode(self)
        return json + Array("\(json.withUnsafeBytes { Digest(hashing: $0) }.hex)\n".utf8)
    }

    /// Reads and checks the file.
    ///
    /// - Parameters:
    ///   - bytes: The file's bytes.
    ///   - path: The file, for the error.
    /// - Throws: ``RepositoryError``: `notARepository` when the digest does not fit, `unsupportedFormat`.
    package init(decoding bytes: [UInt8], path: String) throws {
        let line = bytes.suffix(65)
        let json = bytes.dropLast(65)
        guard line.last == UInt8(ascii: "\n"), json.last == UInt8(ascii: "\n"),
            Digest(hex: String(decoding: line.dropLast(), as: UTF8.self)) == json.withUnsafeBytes(Digest.init(hashing:))
        else {
            throw RepositoryError(
                .notARepository,
                "'\(path)' is damaged: its checksum does not fit",
                hint: "Copy this file back from another copy of the repository; all else in it is still there."
            )
        }
        struct Version: Decodable { var format: Int }
        let version = try RepositoryJSON.decode(Version.self, Array(json), name: path)
        guard version.format <= Self.newestFormat else {
            throw RepositoryError(
                .unsupportedFormat,
                "'\(path)' has format \(version.format), this version knows formats up to \(Self.newestFormat)",
                hint: "Install a newer recyclicd on this machine."
            )
        }
        self = try RepositoryJSON.decode(RepositoryHeader.self, Array(json), name: path)
        guard chunkBytes >= 512, chunkBytes <= 16 << 20 else {
            throw RepositoryError(.notARepository, "'\(path)' names an impossible chunk size, \(chunkBytes)")
        }
    }
}

/// A random (version 4) UUID, lower case (RFC 9562).
private func randomUUID() -> String {
    var generator = SystemRandomNumberGenerator()
    var high = generator.next() as UInt64
    var low = generator.next() as UInt64
    high = high & ~0xf000 | 0x4000
    low = low & ~(0xc << 60) | 0x8 << 60
    func hex(_ number: UInt64, _ digits: Int) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: digits - text.count) + text
    }
    return [
        hex(high >> 32, 8), hex(high >> 16 & 0xffff, 4), hex(high & 0xffff, 4), hex(low >> 48, 4),
        hex(low & 0xffff_ffff_ffff, 12),
    ].joined(separator: "-")
}
