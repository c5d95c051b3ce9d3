/// How frames are compressed.
package enum Codec: String, Codable, Sendable, CaseIterable {
    /// zstd frames of raw blocks: nothing is compressed, but `zstd -d` reads them.
    case none
    /// zstd frames.
    case zstd
    /// gzip members.
    case gzip

    /// The number in packs and indexes.
    package var number: UInt8 {
        switch self {
        case .none: 0
        case .zstd: 1
        case .gzip: 2
        }
    }

    /// The codec of a number in a pack or index; nil for an unknown one.
    package init?(number: UInt8) {
        guard let codec = Codec.allCases.first(where: { $0.number == number }) else { return nil }
        self = codec
    }

    /// The levels that may be asked for.
    package var levels: ClosedRange<Int> {
        switch self {
        case .none: 0...0
        case .zstd: 1...19
        case .gzip: 1...9
        }
    }

    /// The level taken when none is asked for.
    package var defaultLevel: Int {
        switch self {
        case .none: 0
        case .zstd: 3
        case .gzip: 6
        }
    }
}
