import Systemd
import Testing

/// The bytes of an entry, as the journal's native protocol has them.
@Suite
struct JournalEntryTests {
    @Test
    func `a field is a line`() {
        var entry = JournalEntry()
        entry.add("MESSAGE", "stored = durable")
        entry.add("PRIORITY", "5")
        #expect(String(decoding: entry.bytes, as: UTF8.self) == "MESSAGE=stored = durable\nPRIORITY=5\n")
    }

    @Test
    func `a value with line breaks is preceded by its length`() {
        var entry = JournalEntry()
        entry.add("MESSAGE", "a\nb")
        #expect(entry.bytes == Array("MESSAGE\n".utf8) + [3, 0, 0, 0, 0, 0, 0, 0] + Array("a\nb\n".utf8))
    }

    @Test
    func `the longest entry fits a datagram of the system's default size, and its values stay text`() throws {
        var entry = JournalEntry()
        for number in 0..<100 { entry.add("FIELD_\(number)", "x" + String(repeating: "é", count: 100_000)) }
        #expect(entry.bytes.count < 200_000)
        let lines = try #require(String(validating: entry.bytes, as: UTF8.self)).split(separator: "\n")
        #expect(lines.count == JournalEntry.maximumFields)
        #expect(lines.allSatisfy { $0.hasSuffix("é…") && $0.utf8.count <= JournalEntry.maximumValueBytes + 9 })
    }

    @Test(
        arguments: [
            ("job", "RECYCLIC_JOB"), ("requestedBy", "RECYCLIC_REQUESTED_BY"), ("addedBytes", "RECYCLIC_ADDED_BYTES"),
            ("sha256", "RECYCLIC_SHA256"), ("part-2", "RECYCLIC_PART_2"), ("backup.id", "RECYCLIC_BACKUP_ID"),
            ("URL", "RECYCLIC_URL"), ("é", "RECYCLIC__"),
        ]
    )
    func `a key becomes the name of a field`(key: String, name: String) {
        #expect(JournalEntry.fieldName(prefix: "RECYCLIC", key: key) == name)
    }

    @Test
    func `the name of a field is at most as long as the journal accepts`() {
        #expect(JournalEntry.fieldName(prefix: "RECYCLIC", key: String(repeating: "k", count: 99)).utf8.count == 64)
    }
}
