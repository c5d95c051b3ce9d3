import Testing

@testable import Protection

@Suite
struct TablespaceTests {
    @Test(arguments: [
        ("/a=/b", "/a", "/b"),
        ("/a/=/b//", "/a", "/b"),
        (#"/a\=x=/b\=y"#, "/a=x", "/b=y"),
        ("16384=/b", "16384", "/b"),
        (#"/a\b=/c"#, #"/a\b"#, "/c"),
    ])
    func `a mapping is read`(_ text: String, _ old: String, _ new: String) throws {
        let mapping = try TablespaceMapping(parsing: text)
        #expect(mapping.old == old)
        #expect(mapping.new == new)
    }

    @Test(arguments: ["", "/a", "/a=b", "a=/b", "=/b", "/a=", "/a=/", "/a=/b=/c", "-1=/b"])
    func `what is no mapping is refused`(_ text: String) {
        #expect(throws: RestoreError.self) { try TablespaceMapping(parsing: text) }
    }

    @Test
    func `unmapped tablespaces go inside with relative links, mapped ones to their folder`() throws {
        let spaces: [(oid: UInt32, original: String)] = [(20, "/two"), (10, "/one")]
        let placements = try TablespacePlacement.place(
            spaces,
            mappings: [TablespaceMapping(old: "20", new: "/new/two")],
            target: "/data"
        )
        #expect(placements.map(\.oid) == [10, 20])
        #expect(placements.map(\.linkTarget) == ["../recyclic_tablespaces/10", "/new/two"])
    }

    @Test(arguments: [
        [("/unknown", "/x")], [("/one", "/x"), ("10", "/y")], [("/one", "/x"), ("/two", "/x/y")],
        [("/one", "/data/x")], [("/one", "/")], [("/one", "/data")],
    ])
    func `mappings that fit nothing, or whose folders overlap, are refused`(_ mappings: [(String, String)]) {
        #expect(throws: RestoreError.self) {
            try TablespacePlacement.place(
                [(10, "/one"), (20, "/two")],
                mappings: mappings.map { try TablespaceMapping(old: $0.0, new: $0.1) },
                target: "/data"
            )
        }
    }
}
