import Testing

@testable import recyclicd

@Suite
struct RequestDigestTests {
    private static func notes(_ digest: inout RequestDigest<String>, _ kind: String, at seconds: [Int]) -> [Int?] {
        var notes: [Int?] = []
        for second in seconds { notes.append(digest.note(kind, at: .seconds(second))) }
        return notes
    }

    @Test
    func `the first is told, then one a period with how many there were`() {
        var digest = RequestDigest<String>(period: .seconds(600), capacity: 10)
        #expect(Self.notes(&digest, "a", at: [0, 10, 20, 599, 600, 601, 1300]) == [1, nil, nil, nil, 4, nil, 2])
    }

    @Test
    func `kinds are told by themselves, and only so many are remembered`() {
        var digest = RequestDigest<String>(period: .seconds(600), capacity: 2)
        #expect(Self.notes(&digest, "a", at: [0, 1]) == [1, nil])
        #expect(Self.notes(&digest, "b", at: [1]) == [1])
        // The one told of longest ago is forgotten, and is news again.
        #expect(Self.notes(&digest, "c", at: [2]) == [1])
        #expect(Self.notes(&digest, "b", at: [3]) == [nil])
        #expect(Self.notes(&digest, "a", at: [4]) == [1])
    }
}
