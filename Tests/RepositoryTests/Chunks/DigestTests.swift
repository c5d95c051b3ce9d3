import Foundation
import TestSupport
import Testing

@testable import Repository

@Suite("Digests")
struct DigestTests {
    @Test("are those that sha256sum prints")
    func knownValues() {
        #expect(Digest(hashing: []).hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            Digest(hashing: Array("abc".utf8)).hex
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
    }

    @Test("are the same however the bytes are cut")
    func streamed() {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        var stream = DigestStream()
        for part in stride(from: 0, to: 1000, by: 37) {
            Array(bytes[part..<min(part + 37, 1000)]).withUnsafeBytes { stream.update($0) }
        }
        #expect(stream.digest == Digest(hashing: bytes))
    }

    @Test("survive hex and JSON, and order as their bytes do")
    func roundTrip() throws {
        var generator = SeededGenerator(seed: 1)
        var digests: [Digest] = []
        for _ in 0..<200 {
            let bytes = generator.bytes(32)
            let digest = bytes.withUnsafeBytes { Digest(loading: $0) }
            #expect(digest.withUnsafeBytes { Array($0) } == bytes)
            #expect(Digest(hex: digest.hex) == digest)
            digests.append(digest)
        }
        let sorted = digests.sorted()
        #expect(sorted.map(\.hex) == digests.map(\.hex).sorted())
        let decoded = try JSONDecoder().decode([Digest].self, from: JSONEncoder().encode(digests))
        #expect(decoded == digests)
    }

    @Test(
        "refuse what is not 64 lower-case hex digits",
        arguments: [
            "", "00", String(repeating: "0", count: 63), String(repeating: "A", count: 64),
            String(repeating: "g", count: 64), String(repeating: "é", count: 32),
        ]
    )
    func badHex(text: String) {
        #expect(Digest(hex: text) == nil)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([Digest].self, from: Data("[\"\(text)\"]".utf8))
        }
    }
}
