import Repository
import Testing

@testable import Protection

@Suite("The statement that makes a database like the one that was dumped")
struct DatabaseMakerTests {
    @Test("names the provider, its locale and its rules, as far as the server knows them")
    func creation() {
        var facts = ServerFacts.DatabaseFacts(
            name: "a",
            oid: 1,
            encoding: "UTF8",
            collate: "C",
            ctype: "C.UTF-8",
            provider: "libc",
            allowConnections: true,
            isTemplate: false
        )
        let start = """
            CREATE DATABASE "b" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8' LOCALE_PROVIDER
            """.replacing("\n", with: " ")
        func sql(_ major: Int) -> String {
            DatabaseMaker(facts: facts, properties: nil).creation(of: "b", majorVersion: major)
        }
        #expect(sql(15) == "\(start) libc")
        (facts.provider, facts.icuLocale) = ("icu", "sv-SE")
        #expect(sql(15) == "\(start) icu ICU_LOCALE 'sv-SE'")
        facts.icuRules = "&a < b'c"
        #expect(sql(15) == "\(start) icu ICU_LOCALE 'sv-SE'")
        #expect(sql(16) == "\(start) icu ICU_LOCALE 'sv-SE' ICU_RULES '&a < b''c'")
        (facts.provider, facts.icuLocale) = ("builtin", "C.UTF-8")
        #expect(sql(17) == "\(start) builtin BUILTIN_LOCALE 'C.UTF-8'")
    }
}
