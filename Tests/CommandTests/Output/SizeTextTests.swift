import Testing

@testable import recyclicctl

@Suite struct SizeTextTests {
    @Test(
        "sizes have three digits and the largest unit that keeps them at one or more",
        arguments: [
            (0, "0 B"), (1, "1 B"), (1_023, "1023 B"), (1_024, "1.00 KiB"), (10_240, "10.0 KiB"), (102_400, "100 KiB"),
            (1_047_552, "1023 KiB"), (1_048_570, "1.00 MiB"), (1_857_557_463, "1.73 GiB"), (-2_048, "-2.00 KiB"),
            (Int64.max, "8192 PiB"),
        ] as [(Int64, String)]
    )
    func size(bytes: Int64, text: String) {
        #expect(SizeText.size(bytes) == text)
    }

    @Test(
        "fixed decimals are rounded, not cut",
        arguments: [(1.005, 1, "1.0"), (9.96, 1, "10.0"), (0.05, 1, "0.1"), (-1.25, 1, "-1.3")]
    )
    func fixed(value: Double, decimals: Int, text: String) {
        #expect(SizeText.fixed(value, decimals: decimals) == text)
    }

    @Test(
        "numbers are grouped by thousands",
        arguments: [(7, "7"), (1_000, "1,000"), (1_234_567, "1,234,567"), (-1_000, "-1,000")]
    )
    func grouped(number: Int64, text: String) {
        #expect(SizeText.grouped(number) == text)
    }

    @Test("a count of one is singular")
    func count() {
        #expect(SizeText.count(1, "backup") == "1 backup")
        #expect(SizeText.count(0, "backup") == "0 backups")
        #expect(SizeText.count(2, "entry", plural: "entries") == "2 entries")
    }
}
