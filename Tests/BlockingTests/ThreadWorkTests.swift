import Testing

@testable import Blocking

@Suite struct ThreadWorkTests {
    @Test("all who wait get what comes of it, and those who come later as well")
    func sharing() async throws {
        let gate = BlockingQueue<Void>(capacity: 1)
        let work = ThreadWork("worker") { gate.take() != nil }
        async let first = work.outcome(within: .seconds(600))
        async let second = work.outcome(within: .seconds(600))
        #expect(work.outcome == nil)
        gate.put(())
        #expect(try await first?.get() == true)
        #expect(try await second?.get() == true)
        #expect(try await work.outcome(within: .zero)?.get() == true)
    }

    @Test("who has waited long enough goes on without it")
    func patience() async throws {
        let gate = BlockingQueue<Void>(capacity: 1)
        let work = ThreadWork("worker") { gate.take() != nil }
        #expect(await work.outcome(within: .milliseconds(1)) == nil)
        #expect(await work.outcome(within: .seconds(-1)) == nil)
        gate.put(())
        #expect(try await work.outcome(within: .seconds(600))?.get() == true)
    }

    @Test("a cancelled task still learns of work that is about to end")
    func cancellation() async throws {
        let gate = BlockingQueue<Void>(capacity: 1)
        let work = ThreadWork("worker") { gate.take() != nil }
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            gate.put(())
            return await work.outcome(within: .seconds(600))
        }
        #expect(try await task.value?.get() == true)
    }
}
