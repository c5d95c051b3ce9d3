import TestSupport
import Testing

@testable import Repository

@Suite("The ranked bitmap")
struct RankedBitmapTests {
    @Test("counts the members below a number", arguments: [0, 1, 63, 64, 65, 511, 512, 513, 3000])
    func ranks(bound: Int) {
        var generator = SeededGenerator(seed: UInt64(bound))
        let members = Set((0..<bound).filter { _ in generator.next() % 3 == 0 })
        var bitmap = RankedBitmap(bound: bound)
        for member in members { bitmap.insert(member) }
        bitmap.rank()
        #expect(bitmap.count == members.count)
        var below = 0
        for number in 0..<bound {
            #expect(bitmap.contains(number) == members.contains(number))
            #expect(bitmap.rank(of: number) == below)
            below += members.contains(number) ? 1 : 0
        }
    }
}
