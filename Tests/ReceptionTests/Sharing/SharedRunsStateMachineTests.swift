import TestSupport
import Testing

@testable import Reception

@Suite("Sharing of runs: decisions")
struct SharedRunsStateMachineTests {
    private typealias Machine = SharedRunsStateMachine<String>

    @Test("the first who asks starts a run, whoever comes meanwhile shares the next one")
    func sharing() {
        var machine = Machine(maximumWaiters: 10)
        #expect(machine.ask(1, "a") == [.start("a")])
        #expect(machine.ask(2, "a") == [])
        #expect(machine.ask(3, "a") == [])
        #expect(machine.finished("a") == [.answer([1]), .start("a")])
        #expect(machine.ask(4, "a") == [])
        #expect(machine.finished("a") == [.answer([2, 3]), .start("a")])
        #expect(machine.finished("a") == [.answer([4])])
        #expect(machine.ask(5, "a") == [.start("a")])
    }

    @Test("other questions have runs of their own")
    func keys() {
        var machine = Machine(maximumWaiters: 10)
        #expect(machine.ask(1, "a") == [.start("a")])
        #expect(machine.ask(2, "b") == [.start("b")])
        #expect(machine.finished("a") == [.answer([1])])
        #expect(machine.finished("b") == [.answer([2])])
    }

    @Test("more than may wait are refused, and there is room again when one has gone")
    func refusal() {
        var machine = Machine(maximumWaiters: 2)
        #expect(machine.ask(1, "a") == [.start("a")])
        #expect(machine.ask(2, "a") == [])
        #expect(machine.ask(3, "a") == [.refuse(3)])
        machine.leave(2, "a")
        #expect(machine.ask(4, "a") == [])
    }

    @Test("a run that nobody waits for any more does not come about")
    func leaving() {
        var machine = Machine(maximumWaiters: 10)
        #expect(machine.ask(1, "a") == [.start("a")])
        #expect(machine.ask(2, "a") == [])
        machine.leave(2, "a")
        machine.leave(1, "a")
        #expect(machine.finished("a") == [.answer([])])
        #expect(machine.runningCount == 0)
    }

    @Test(
        "whatever happens, each is answered once, by a run that began after the request, and one run a key goes on at a time"
    )
    func properties() {
        for seed in UInt64(0)..<200 {
            var random = SeededGenerator(seed: seed &* 2_862_933_555_777_941_757 &+ 3_037_000_493)
            var machine = Machine(maximumWaiters: 6)
            var (time, nextWaiter) = (0, 0)
            var runs: [String: Int] = [:]  // when the run under way began
            var asked: [Int: (key: String, time: Int)] = [:]
            var answered: Set<Int> = []
            func apply(_ actions: [Machine.Action], endedRun: Int? = nil) {
                for action in actions {
                    switch action {
                    case .start(let key):
                        #expect(runs[key] == nil, "two runs of one key")
                        runs[key] = time
                    case .answer(let waiters):
                        for waiter in waiters {
                            #expect(answered.insert(waiter).inserted, "answered twice")
                            #expect((asked[waiter]?.time ?? .max) <= (endedRun ?? -1), "older than the request")
                        }
                    case .refuse(let waiter):
                        #expect(answered.insert(waiter).inserted)
                        #expect(machine.waiterCount == 6)
                    }
                }
            }
            for _ in 0..<120 {
                time += 1
                let key = ["a", "b"][Int(random.next() % 2)]
                switch random.next() % 4 {
                case 0, 1:
                    nextWaiter += 1
                    asked[nextWaiter] = (key, time)
                    apply(machine.ask(nextWaiter, key))
                case 2:
                    if let began = runs.removeValue(forKey: key) { apply(machine.finished(key), endedRun: began) }
                default:
                    let waiting = asked.keys.filter { !answered.contains($0) }.sorted()
                    guard let waiter = waiting.randomElement(using: &random), let entry = asked[waiter] else {
                        continue
                    }
                    machine.leave(waiter, entry.key)
                    answered.insert(waiter)
                }
                #expect(machine.runningCount == runs.count)
            }
            while let key = runs.keys.sorted().first, let began = runs.removeValue(forKey: key) {
                time += 1
                apply(machine.finished(key), endedRun: began)
            }
            #expect(answered.count == nextWaiter, "somebody waits for ever")
        }
    }
}
