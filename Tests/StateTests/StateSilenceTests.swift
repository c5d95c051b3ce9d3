import Blocking
import Foundation
import TestSupport
import Testing

@testable import State

@Suite("A state whose disk does not answer")
struct StateSilenceTests {
    @Test("is told of in time, at once while it lasts, and not once it answers")
    func silence() async throws {
        let folder = try TemporaryDirectory()
        let state = try await StateStore.open(directory: folder.path, now: Date())
        try await state.checkAnswers(within: .seconds(60))
        let disk = DispatchSemaphore(value: 0)
        async let hanging: Void = state.write { _ in disk.wait() }
        // Until the write has its turn.
        while (try? await state.checkAnswers(within: .milliseconds(20))) != nil {}
        let error = await #expect(throws: StateError.self) { try await state.checkAnswers(within: .milliseconds(20)) }
        #expect(error?.code == "stateSilent" && error?.message == "the state folder '\(folder.path)' does not answer")
        #expect(error?.hint?.contains("findmnt -T \(folder.path)") == true)
        disk.signal()
        try await hanging
        try await state.checkAnswers(within: .seconds(60))
        try await state.close()
    }
}
