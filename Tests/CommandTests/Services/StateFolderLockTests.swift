import Glibc
import TestSupport
import Testing

@testable import recyclicd

@Suite
struct StateFolderLockTests {
    @Test(
        arguments: [
            (EROFS, true), (ENOSPC, true), (EDQUOT, true), (EIO, true), (EACCES, false), (ENOENT, false),
            (ELOOP, false),
        ]
    )
    func `a disk that fails, is full or read-only keeps no daemon from running`(code: Int32, isUnusable: Bool) {
        #expect(StateFolderLock.isUnusable(code) == isUnusable)
    }

    @Test
    func `a folder that is not there is an error`() throws {
        let folder = try TemporaryDirectory()
        #expect(throws: FolderError.self) { try StateFolderLock(folder.path("nowhere")) }
        #expect(try StateFolderLock(folder.path) != nil)
    }
}
