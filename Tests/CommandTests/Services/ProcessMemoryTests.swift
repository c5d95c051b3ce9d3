import Foundation
import Monitoring
import Testing

@testable import recyclicd

@Suite(.serialized)
struct ProcessMemoryTests {
    @Test
    func `pages of the program that nobody needs are let go, and come back when they are needed`() throws {
        let text = { try String(decoding: JSONEncoder().encode(["a": [1.5, 2]]), as: UTF8.self) }
        let expected = try text()
        let before = try #require(ProcessMeter.read()).residentBytes
        ProcessMemory.giveBack()
        let after = try #require(ProcessMeter.read()).residentBytes
        // A test bundle with everything in it has tens of megabytes of code, of which little is needed for two readings.
        #expect(after < before - 4 << 20, "\(before) before, \(after) after")
        #expect(try text() == expected)
    }
}
