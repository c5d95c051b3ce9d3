import Blocking
import Testing

/// Waiting within reason.
@Suite
struct WithPatienceTests {
    private struct Refused: Error {}

    @Test
    func `what comes in time is given back, and so is its error`() async throws {
        #expect(try await withPatience(.seconds(60)) { 7 } == 7)
        await #expect(throws: Refused.self) { try await withPatience(.seconds(60)) { throw Refused() } }
    }

    @Test(.timeLimit(.minutes(2)))
    func `what takes longer is not waited for, and goes on`() async throws {
        let (gates, gate) = AsyncStream.makeStream(of: Void.self)
        let (ends, end) = AsyncStream.makeStream(of: Bool.self)
        let result = try await withPatience(.milliseconds(10)) {
            for await _ in gates {}
            end.yield(Task.isCancelled)
            return 7
        }
        #expect(result == nil)
        gate.finish()
        #expect(await ends.first { _ in true } == false)
    }

    @Test(.timeLimit(.minutes(2)))
    func `who is cancelled waits no longer`() async throws {
        let (gates, gate) = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            try await withPatience(.seconds(3600)) {
                for await _ in gates {}
                return 7
            }
        }
        task.cancel()
        #expect(try await task.value == nil)
        gate.finish()
    }
}
