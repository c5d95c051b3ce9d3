import Glibc
import TestSupport
import Testing

@testable import Repository

@Suite struct ScratchFolderTests {
    private let parent: TemporaryDirectory

    init() throws {
        parent = try TemporaryDirectory()
    }

    private var names: Set<String> {
        get throws { Set(try Program.check("ls", [parent.path]).split(separator: "\n").map(String.init)) }
    }

    /// Makes a folder as one that is in use has it, with its lock, which nobody holds.
    private func makeLeftOver(_ name: String) throws {
        let used = try ScratchFolder(in: parent.path)
        try writeFile("\(used.path)/run", [1])
        try Program.check("cp", ["-a", used.path, parent.path(name)])
    }

    @Test func `what a killed process left is removed, and what is in use stays`() throws {
        let used = try ScratchFolder(in: parent.path)
        try writeFile("\(used.path)/run", [1])
        try makeLeftOver("recyclic-scratch-killed")
        // One that was killed just after it made the folder, just now or long ago, or before it wrote the lock.
        for name in ["newest", "oldest", "locked"] {
            #expect(mkdir(parent.path("recyclic-scratch-\(name)"), 0o700) == 0)
        }
        try writeFile(parent.path("recyclic-scratch-locked/lock"), [])
        try Program.check("touch", ["-d", "2 hours ago", parent.path("recyclic-scratch-oldest")])
        #expect(ScratchFolder.removeStale(in: parent.path, unlockedSeconds: 3_600) == 3)
        #expect(try names == ["recyclic-scratch-newest", ObjectName.file(of: used.path)])
        // Where nobody else works, one without a lock was left in its making or its removal.
        #expect(ScratchFolder.removeStale(in: parent.path, unlockedSeconds: 0) == 1)
        #expect(try names == [ObjectName.file(of: used.path)])
        #expect(access("\(used.path)/run", F_OK) == 0)
        #expect(ScratchFolder.removeStale(in: parent.path("nowhere"), unlockedSeconds: 0) == 0)
    }

    @Test func `a user's own folder stays, whatever its name and its age`() throws {
        try makeLeftOver("scratch-killed")
        try makeLeftOver("recyclic-scratch-of-mine")
        for name in ["recyclic-scratch-filled", "recyclic-scratch-locked", "recyclic-scratch-lonely", "scratch-old"] {
            #expect(mkdir(parent.path(name), 0o700) == 0)
            if !name.hasSuffix("lonely") { try writeFile(parent.path("\(name)/precious"), [1]) }
        }
        try writeFile(parent.path("recyclic-scratch-locked/lock"), [])
        try writeFile(parent.path("recyclic-scratch-lonely/lock"), [1])
        try Program.check("ln", ["-s", parent.path("scratch-killed"), parent.path("recyclic-scratch-linked")])
        let before = try names
        for name in before { try Program.check("touch", ["-h", "-d", "2 days ago", parent.path(name)]) }
        #expect(ScratchFolder.removeStale(in: parent.path, unlockedSeconds: 0) == 0)
        #expect(try names == before)
        #expect(access(parent.path("recyclic-scratch-locked/lock"), F_OK) == 0)
    }
}
