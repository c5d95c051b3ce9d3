import Configuration
import Testing

@Suite("Names of databases")
struct DatabaseNamesTests {
    @Test(
        "are read as they are written",
        arguments: [
            ("recyclic", ["recyclic"]), (" a , b ", ["a", "b"]), ("my db, a,a", ["my db", "a"]),
            (#""accounts, old", "say ""hi""""#, ["accounts, old", #"say "hi""#]), (#"" x ""#, [" x "]),
            ("-x,it's", ["-x", "it's"]),
        ]
    )
    func read(text: String, names: [String]) {
        #expect(DatabaseNames.parse(text) == names)
        #expect(DatabaseNames.parse(DatabaseNames.text(names)) == names)
    }

    @Test(
        "that can't be are refused",
        arguments: [
            "", ",", "a,", "a,,b", #"a"b"#, #""a"#, #""a"b"#, #""""#, String(repeating: "x", count: 64), "a\nb,\u{7}",
        ]
    )
    func refused(text: String) {
        #expect(DatabaseNames.parse(text) == nil)
    }
}
