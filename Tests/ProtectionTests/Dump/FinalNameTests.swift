import Glibc
import TestSupport
import Testing

@testable import Protection

@Suite("The name of a finished file")
struct FinalNameTests {
    // File systems without hard links, such as a memory stick's, are not to be had on every machine that tests run on.
    @Test("is given without replacing anything, with hard links or without", arguments: [true, false])
    func give(mayLink: Bool) throws {
        let folder = try TemporaryDirectory(prefix: "rt")
        let (partial, path) = (folder.path("partial"), folder.path("whole"))
        try Program.check("sh", ["-c", "echo new >\"$0\"; echo old >\"$1\"", partial, path])
        #expect(FinalName(mayLink: mayLink).give(path, to: partial) == EEXIST)
        #expect(try Program.check("cat", [path]) == "old\n" && Program.check("cat", [partial]) == "new\n")
        #expect(unlink(path) == 0)
        #expect(FinalName(mayLink: mayLink).give(path, to: partial) == 0)
        #expect(try Program.check("cat", [path]) == "new\n")
        #expect(FinalName(mayLink: mayLink).give(folder.path("nowhere/x"), to: path) == ENOENT)
    }
}
