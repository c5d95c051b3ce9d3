/// What to ask of `BASE_BACKUP`.
package struct BaseBackupOptions: Sendable {
    /// The checkpoint that a backup begins with.
    package enum Checkpoint: String, Sendable {
        /// At once, with its full load on the disk.
        case fast
        /// Spread, as the server's own checkpoints are; it may take minutes.
        case spread
    }

    /// The backup's name in the server's backup_label.
    package var label = "recyclic"
    /// The checkpoint at the beginning.
    package var checkpoint = Checkpoint.fast
    /// Whether the server checks its data checksums while it reads.
    package var verifiesChecksums = true
    /// Whether the server writes a manifest, and with which checksums: `NONE`, `CRC32C`, `SHA224` … `SHA512`; `nil` for none.
    package var manifestChecksums: String? = "CRC32C"
    /// Whether it waits for the archiving of its WAL; needless where the WAL is fetched otherwise.
    package var waitsForArchiving = false
    /// How many KiB a second the server sends at most, 32 to 1048576; `nil` for no bound.
    package var maximumRateKiB: Int?
    /// How long the checkpoint at the beginning may take.
    package var startTimeout = Duration.seconds(3600)

    /// The usual options.
    package init() {}

    /// The command. There is no TABLESPACE_MAP: its file would make a restored server write into the original's folders.
    var command: String {
        var options = [
            "LABEL \(ReplicationConnection.literal(label))",
            "PROGRESS true",
            "CHECKPOINT '\(checkpoint.rawValue)'",
            "WAIT \(waitsForArchiving)",
            "VERIFY_CHECKSUMS \(verifiesChecksums)",
        ]
        if let manifestChecksums {
            options += ["MANIFEST 'yes'", "MANIFEST_CHECKSUMS \(ReplicationConnection.literal(manifestChecksums))"]
        }
        if let maximumRateKiB { options.append("MAX_RATE \(maximumRateKiB)") }
        return "BASE_BACKUP (\(options.joined(separator: ", ")))"
    }
}
