import Testing

@testable import Repository

@Suite("The policy for deltas")
struct DeltaPolicyTests {
    @Test("lets chains grow to their depth, then branches off from any of their versions, some from each")
    func depth() {
        let policy = DeltaPolicy(maxDepth: 3, maxFraction: 0.3, jitter: 0)
        let chunks = (0..<300).map { ChunkID(hashing: [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)]) }
        for previous in 0..<3 {
            #expect(chunks.allSatisfy { policy.baseDepth(previousDepth: previous, chunk: $0) == previous })
        }
        for previous in [3, 4, 9] {
            let depths = chunks.map { policy.baseDepth(previousDepth: previous, chunk: $0) }
            for depth in 0..<3 { #expect((60...140).contains(depths.count { $0 == depth })) }
        }
        #expect(chunks.allSatisfy { DeltaPolicy.whole.baseDepth(previousDepth: 0, chunk: $0) == nil })
    }

    @Test("keeps deltas up to a fraction that differs from chunk to chunk, and whose mean is the one asked for")
    func fraction() {
        let policy = DeltaPolicy(maxDepth: 3, maxFraction: 0.4, jitter: 0.5)
        let limits = (0..<300).map { number in
            let chunk = ChunkID(hashing: [UInt8(truncatingIfNeeded: number), UInt8(number >> 8)])
            return (0...1000).last { policy.keeps(deltaBytes: $0, wholeBytes: 1000, chunk: chunk) } ?? -1
        }
        #expect(limits.allSatisfy { (199...601).contains($0) })
        let mean = limits.reduce(0, +) / limits.count
        #expect((360...440).contains(mean))
        #expect(Set(limits).count > 100)
    }
}
