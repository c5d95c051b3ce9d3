import TestSupport
import Testing

@testable import Repository

@Suite struct SpaceTests {
    @Test(arguments: [
        (free: Int64(100), adding: Int64(0), isRefused: false), (99, 0, true), (0, 0, true), (150, 50, false),
        (150, 51, true), (0, 1, true),
    ])
    func `what must stay free is left free`(free: Int64, adding: Int64, isRefused: Bool) {
        let check = { try Repository.checkSpace(free: free, reserve: 100, adding: adding, path: "/srv/r") }
        guard isRefused else {
            #expect(throws: Never.self) { try check() }
            return
        }
        let error = #expect(throws: RepositoryError.self) { try check() }
        #expect(error?.kind == .diskFull)
        for part in ["'/srv/r'", "\(free) bytes free", "100 must stay free"] + (adding > 0 ? ["\(adding) more"] : []) {
            #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
        }
        #expect(error?.hint?.contains("ALERT_DISK_SPACE_CRITICAL") == true)
    }

    @Test func `without a reserve nothing is asked, and no disk has more than there is`() throws {
        let scratch = try IngestScratch()
        try scratch.repository.checkSpace(reserve: 0)
        #expect(throws: RepositoryError.self) { try scratch.repository.checkSpace(reserve: .max) }
    }

    @Test func `a session ends at the first pack after which too little is left, and the next one reuses it`() throws {
        let scratch = try IngestScratch()
        var generator = SeededGenerator(seed: 5)
        let files = [("base/1", generator.bytes(20 << 20))]
        var options = IngestOptions(workers: 2)
        options.reservedBytes = .max
        let error = #expect(throws: RepositoryError.self) { try scratch.store(files, options: options) }
        #expect(error?.kind == .diskFull)
        #expect(try scratch.repository.store.names("packs/").count == 1)
        options.reservedBytes = 0
        let result = try scratch.store(files, options: options)
        #expect(result.sizes.addedBytes < 6 << 20, "\(result.sizes)")
    }
}
