internal import CChecksum
package import PostgresClient

/// What a cluster's `global/pg_control` says, as far as restoring needs it.
///
/// The layout is that of `ControlFileData` (src/include/catalog/pg_control.h) on 64-bit little-endian machines: the same
/// from PostgreSQL 15 to 17, and with one byte more before the nonce in 18.
package struct ControlFile: Hashable, Sendable {
    /// What the cluster was doing when the file was written (`DBState`).
    package enum State: Int32, Sendable {
        case startingUp = 0
        case shutDown
        case shutDownInRecovery
        case shuttingDown
        case inCrashRecovery
        case inArchiveRecovery
        case inProduction
    }

    /// The cluster's system identifier.
    package let systemIdentifier: UInt64
    /// The file's version: 1300 for PostgreSQL 13 to 16, 1700 for 17, 1800 for 18.
    package let version: UInt32
    /// The catalog's version: a date and a number, different in every major version.
    package let catalogVersion: UInt32
    /// What the cluster was doing.
    package let state: State
    /// Where the last checkpoint's record is.
    package let checkpoint: LSN
    /// Where replay from the last checkpoint begins.
    package let redo: LSN
    /// The last checkpoint's timeline.
    package let timeline: UInt32
    /// The limits that the server ran with.
    package let limits: ServerLimits
    /// A data block's size in bytes.
    package let blockBytes: UInt32
    /// A WAL segment's size in bytes.
    package let segmentBytes: UInt32
    /// Whether pages carry checksums.
    package let hasChecksums: Bool

    /// Reads the file's bytes.
    ///
    /// - Throws: ``RestoreError``, `controlFileInvalid`, for a version that is not known and for a wrong CRC-32C.
    package init(_ bytes: [UInt8]) throws {
        func invalid(_ why: String) -> RestoreError {
            RestoreError(.controlFileInvalid, "'global/pg_control' can't be read: \(why)")
        }
        guard bytes.count >= 512 else { throw invalid("it has \(bytes.count) bytes") }
        let fields = bytes.withUnsafeBytes { buffer in
            (
                version: buffer.loadUnaligned(fromByteOffset: 8, as: UInt32.self),
                crcs: (
                    buffer.loadUnaligned(fromByteOffset: 288, as: UInt32.self),
                    buffer.loadUnaligned(fromByteOffset: 292, as: UInt32.self)
                )
            )
        }
        let crc: (offset: Int, stored: UInt32)
        switch fields.version {
        case 1300, 1700: crc = (288, fields.crcs.0)
        case 1800: crc = (292, fields.crcs.1)
        default: throw invalid("its version \(fields.version) is not one of PostgreSQL 15 to 18")
        }
        let computed = bytes.withUnsafeBytes { checksum_crc32c(0, $0.baseAddress, crc.offset) }
        guard computed == crc.stored else { throw invalid("its checksum is wrong") }
        func number<Number: FixedWidthInteger>(_ offset: Int, _ type: Number.Type = Number.self) -> Number {
            bytes.withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: type)) }
        }
        guard let state = State(rawValue: number(16)) else { throw invalid("its state is \(number(16, Int32.self))") }
        systemIdentifier = number(0)
        version = fields.version
        catalogVersion = number(12)
        self.state = state
        checkpoint = LSN(number(32, UInt64.self))
        redo = LSN(number(40, UInt64.self))
        timeline = number(48)
        limits = ServerLimits(
            maxConnections: number(180),
            maxWorkerProcesses: number(184),
            maxWALSenders: number(188),
            maxPreparedTransactions: number(192),
            maxLocksPerTransaction: number(196)
        )
        blockBytes = number(216)
        segmentBytes = number(228)
        hasChecksums = number(252, UInt32.self) != 0
    }
}
