import Glibc
import TestSupport
import Testing

@testable import Repository

@Suite struct ScratchFolderTests {
    @Test func `what a killed process left is removed, and what is in use stays`() throws {
        let parent = try TemporaryDirectory()
        let used = try ScratchFolder(in: parent.path)
        try writeFile("\(used.path)/run", [1])
        // A killed process leaves its folder with a lock that nobody holds; one that was killed even earlier, none.
        for name in ["scratch-killed", "scratch-new", "scratch-old", "other"] {
            #expect(mkdir(parent.path(name), 0o700) == 0)
            try writeFile(parent.path("\(name)/run"), [1])
        }
        for name in ["scratch-killed", "other"] { try writeFile(parent.path("\(name)/lock"), []) }
        try Program.check("touch", ["-d", "2 hours ago", parent.path("scratch-old")])
        try Program.check("ln", ["-s", parent.path("other"), parent.path("scratch-link")])
        #expect(ScratchFolder.removeStale(in: parent.path, unlockedSeconds: 3_600) == 2)
        let left = try Program.check("ls", [parent.path]).split(separator: "\n").map(String.init)
        #expect(Set(left) == ["other", "scratch-link", "scratch-new", ObjectName.file(of: used.path)])
        #expect(access("\(used.path)/run", F_OK) == 0 && access(parent.path("other/run"), F_OK) == 0)
        // Where nobody else works, one without a lock was left in its making or its removal.
        #expect(ScratchFolder.removeStale(in: parent.path, unlockedSeconds: 0) == 1)
        #expect(access(parent.path("scratch-new"), F_OK) != 0 && access("\(used.path)/run", F_OK) == 0)
        #expect(ScratchFolder.removeStale(in: parent.path("nowhere"), unlockedSeconds: 0) == 0)
    }
}
