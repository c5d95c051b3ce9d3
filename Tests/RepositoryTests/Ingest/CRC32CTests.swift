import TestSupport
import Testing

@testable import Repository

@Suite("CRC-32C values")
struct CRC32CTests {
    @Test("know the check value of the algorithm's catalogue")
    func checkValue() {
        #expect(Array("123456789".utf8).withUnsafeBytes { CRC32C(of: $0).value } == 0xE306_9283)
        #expect(CRC32C(of: UnsafeRawBufferPointer(start: nil, count: 0)).value == 0)
    }

    @Test("can be put together from pieces of any length", arguments: [0, 1, 8, 100, 511, 4096, 131_072])
    func pieces(length: Int) {
        var generator = SeededGenerator(seed: UInt64(length))
        let first = generator.bytes(Int.random(in: 0...3000, using: &generator))
        let second = generator.bytes(length)
        var sum = first.withUnsafeBytes { CRC32C(of: $0) }
        sum.append(second.withUnsafeBytes { CRC32C(of: $0) }, count: length)
        #expect(sum == (first + second).withUnsafeBytes { CRC32C(of: $0) })
    }
}
