import Testing

@testable import recyclicctl

@Suite struct TableTests {
    @Test("columns are as wide as their widest cell, and lines end without spaces")
    func alignment() {
        var table = Table([("NAME", .left), ("SIZE", .right), ("NOTE", .left)])
        table.add(["a", "1 B", ""])
        table.add(["longer", "1023 B", "pinned"])
        #expect(
            table.lines == [
                "NAME      SIZE  NOTE",
                "a          1 B",
                "longer  1023 B  pinned",
            ]
        )
    }
}
