import Testing

@testable import Repository

@Suite("The policy for deltas")
struct DeltaPolicyTests {
    @Test("lets chains grow to their depth, then starts again at the root")
    func depth() {
        let policy = DeltaPolicy(maxDepth: 3, maxFraction: 0.3, jitter: 0)
        #expect(policy.base(previousDepth: 0) == .previous(depth: 0))
        #expect(policy.base(previousDepth: 2) == .previous(depth: 2))
        #expect(policy.base(previousDepth: 3) == .root)
        #expect(policy.base(previousDepth: 9) == .root)
        #expect(DeltaPolicy.whole.base(previousDepth: 0) == .none)
    }

    @Test("keeps deltas up to a fraction that differs from chunk to chunk, and whose mean is the one asked for")
    func fraction() {
        let policy = DeltaPolicy(maxDepth: 3, maxFraction: 0.4, jitter: 0.5)
        let limits = (0..<2000).map { number in
            let chunk = ChunkID(hashing: [UInt8(truncatingIfNeeded: number), UInt8(number >> 8)])
            return (0...1000).last { policy.keeps(deltaBytes: $0, wholeBytes: 1000, chunk: chunk) } ?? -1
        }
        #expect(limits.allSatisfy { (199...601).contains($0) })
        let mean = limits.reduce(0, +) / limits.count
        #expect((380...420).contains(mean))
        #expect(Set(limits).count > 200)
    }
}
