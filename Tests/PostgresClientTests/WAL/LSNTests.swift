import Foundation
import PostgresClient
import Testing

@Suite struct LSNTests {
    @Test(arguments: [
        ("0/0", 0), ("0/1", 1), ("16/B374D848", 0x16_B374_D848), ("FFFFFFFF/FFFFFFFF", UInt64.max), ("1/0", 1 << 32),
    ])
    func `a position is read and printed as PostgreSQL does`(text: String, bytes: UInt64) throws {
        let position = try #require(LSN(text))
        #expect(position == LSN(bytes))
        #expect(position.description == text)
        let decoded = try JSONDecoder().decode([LSN].self, from: JSONEncoder().encode([position]))
        #expect(decoded == [position])
    }

    @Test(arguments: ["", "0", "/", "0/", "/0", "0/0/0", "+1/0", "0/-1", "123456789/0", "G/0", " 0/0", "0/0 "])
    func `other text is no position`(text: String) {
        #expect(LSN(text) == nil)
    }

    @Test func `small letters are read too`() {
        #expect(LSN("a/ff") == LSN("A/FF"))
    }

    @Test func `distances have a sign and saturate`() {
        #expect(LSN(10).distance(from: LSN(4)) == 6)
        #expect(LSN(4).distance(from: LSN(10)) == -6)
        #expect(LSN(.max).distance(from: .zero) == .max)
        #expect(LSN.zero.distance(from: LSN(.max)) == -Int64.max)
        #expect(LSN(4) + 3 == LSN(7))
    }
}
