import Reception
import Testing

@Suite("Fixed-point numbers")
struct FixedPointTests {
    @Test(
        "what PostgreSQL prints is read exactly, and printed without zeros at the end",
        arguments: [
            ("0", 0, 0, "0"), ("832", 0, 832, "832"), ("0.00", 2, 0, "0"), ("3027", 2, 302_700, "3027"),
            ("1917.50", 2, 191_750, "1917.5"), ("12.3", 3, 12_300, "12.3"), ("0.005", 3, 5, "0.005"),
            ("-12.05", 2, -1_205, "-12.05"), ("-0.50", 2, -50, "-0.5"), ("7.5000000", 2, 750, "7.5"),
            ("92233720368547758.07", 2, Int64.max, "92233720368547758.07"),
        ]
    )
    func exact(text: String, decimals: Int, units: Int64, printed: String) throws {
        let number = try #require(FixedPoint(postgresText: text, decimals: decimals))
        #expect(number.units == units)
        #expect(number.description == printed)
    }

    @Test(
        "what is no such number is refused",
        arguments: [
            "NaN", "Infinity", "-Infinity", "", "-", ".5", "1.234", "1,5", "1e3", "1.2.3", "92233720368547758.08", "+1",
        ]
    )
    func refused(text: String) {
        #expect(FixedPoint(postgresText: text, decimals: 2) == nil)
    }

    @Test("the nearest double prints as the number does")
    func doubles() {
        var generator = SystemRandomNumberGenerator()
        for decimals in 0...3 {
            for _ in 0..<2000 {
                let number = FixedPoint(
                    units: .random(in: -(1 << 50)...(1 << 50), using: &generator),
                    decimals: decimals
                )
                let text = "\(number.double)"
                let expected = number.description.contains(".") ? number.description : number.description + ".0"
                if !text.contains("e") { #expect(text == expected) }
            }
        }
    }
}
