import Blocking

/// Checks WAL objects: the name against the bytes, and that they decode to as many bytes as the manifest says.
struct WALVerifier {
    /// Larger WAL files (a cluster may have segments of a GiB) are not decoded whole in memory; their digest is checked.
    private static let mostDecodedBytes: Int64 = 16 << 20

    let store: any ObjectStore

    /// - Throws: ``RepositoryError``: `damaged`, `notFound`; `CancellationError`.
    func check(
        _ file: BackupManifest.WALObject,
        name: String,
        codec: String,
        cancellation: CancellationFlag?
    ) throws {
        let object = try store.open(name)
        try ObjectDigest.check(object, cancellation: cancellation)
        guard let codec = Codec(rawValue: codec) else {
            throw RepositoryError(.damaged, "the manifest names the codec '\(codec)', which does not exist")
        }
        guard file.bytes <= Self.mostDecodedBytes, file.bytes >= 0 else { return }
        let frame = try FrameBuffer(reading: object, at: 0, count: Int(object.size))
        let raw = FrameBuffer()
        do {
            try raw.fill(capacity: Int(file.bytes)) {
                try FrameDecoder().decode(frame.bytes, codec: codec, into: $0.part(0, Int(file.bytes)))
                return Int(file.bytes)
            }
        } catch let error as RepositoryError {
            throw RepositoryError(.damaged, "'\(name)' does not decode to \(file.bytes) bytes: \(error.message)")
        }
    }
}
