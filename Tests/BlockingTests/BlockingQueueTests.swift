import Synchronization
import Testing

@testable import Blocking

@Suite struct BlockingQueueTests {
    @Test("elements arrive once each, in order, through a queue smaller than their number")
    func order() async throws {
        let queue = BlockingQueue<Int>(capacity: 3)
        startThread("producer") {
            for value in 0..<1_000 { queue.put(value) }
            queue.finish()
        }
        let taken = try await onThread("consumer") {
            var taken: [Int] = []
            while let value = queue.take() { taken.append(value) }
            return taken
        }
        #expect(taken == Array(0..<1_000))
    }

    @Test("a finished queue refuses new elements and hands out the old ones")
    func finish() {
        let queue = BlockingQueue<Int>(capacity: 2)
        #expect(queue.put(1))
        queue.finish()
        #expect(!queue.put(2))
        #expect(queue.take() == 1)
        #expect(queue.take() == nil)
    }

    @Test("cancelling the task sets the flag that the thread watches")
    func cancellation() async {
        let flag = CancellationFlag()
        let gate = BlockingQueue<Void>(capacity: 1)
        let task = Task {
            try await onThread("worker", cancelling: flag) {
                _ = gate.take()
                try flag.check()
            }
        }
        task.cancel()
        // The handler of a cancelled task runs before its body can see it; only then is the thread let go.
        while !flag.isCancelled { await Task.yield() }
        gate.put(())
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
