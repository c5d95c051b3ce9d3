import Alerting
import Foundation
import Monitoring
import Testing

@Suite("Messages on their way")
struct DeliveryQueueTests {
    private static let chief = Timeline.chief
    private static let deputy = Timeline.deputy
    private var queue = DeliveryQueue()

    private func at(_ seconds: Double) -> AlertMoment {
        AlertMoment(seconds: seconds, date: Timeline.start + seconds)
    }

    private func message(_ id: String, _ level: HealthLevel = .critical) -> AlertMessage {
        AlertMessage(
            id: id,
            kind: .problem,
            level: level,
            instance: "i",
            subject: "s",
            body: "b",
            createdAt: Timeline.start
        )
    }

    private static let failed = DeliveryOutcome.failed(DeliveryFailure("no route"))

    private mutating func start(_ seconds: Double) -> [String] {
        queue.start(at: at(seconds)).map(\.message.id)
    }

    @Test("one is tried at a time for each recipient, and one who hangs holds nobody up")
    mutating func lines() {
        queue.add(message("a"), to: [Self.chief, Self.deputy], alerts: [1], at: at(0))
        queue.add(message("b"), to: [Self.chief], alerts: [2], at: at(0))
        let first = queue.start(at: at(0))
        #expect(first.map(\.recipient).sorted() == [Self.chief, Self.deputy])
        #expect(start(100) == [])
        for delivery in first where delivery.recipient == Self.chief {
            queue.finish(delivery, .delivered, jitter: 0, at: at(100))
        }
        #expect(start(100) == ["b"])
    }

    @Test("after failures it waits 5 s, 10 s, … 15 min at most, and a quarter more by chance")
    mutating func backoff() {
        queue.add(message("a"), to: [Self.chief], alerts: [1], at: at(0))
        var now = 0.0
        var waits: [Double] = []
        for round in 0..<12 {
            let tried = queue.start(at: at(now))
            #expect(tried.count == 1)
            let wait = queue.finish(tried[0], Self.failed, jitter: round == 11 ? 1 : 0, at: at(now)) ?? 0
            #expect(start(now + wait - 0.1) == [])
            waits.append(wait)
            now += wait
        }
        #expect(waits == [5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900, 1125])
    }

    @Test("a peer that asks to be left alone is, for an hour at most", arguments: [(60.0, 60.0), (1e6, 3600), (1, 5)])
    mutating func retryAfter(asked: Double, expected: Double) {
        queue.add(message("a"), to: [Self.chief], alerts: [1], at: at(0))
        let tried = queue.start(at: at(0))[0]
        let outcome = DeliveryOutcome.failed(DeliveryFailure("busy"), retryAfterSeconds: asked)
        #expect(queue.finish(tried, outcome, jitter: 0, at: at(0)) == expected)
    }

    @Test("what waits is overtaken by what says more, but not what is about something else")
    mutating func overtaking() {
        queue.add(message("a"), to: [Self.chief], alerts: [1], at: at(0))
        queue.add(message("b"), to: [Self.chief], alerts: [1, 2], at: at(1))
        queue.add(message("c"), to: [Self.chief], alerts: [1], at: at(2))
        queue.add(message("digest"), to: [Self.chief], alerts: [], at: at(3))
        #expect(queue.waiting(for: Self.chief).map(\.message.id) == ["b", "c", "digest"])
        queue.add(message("d"), to: [Self.chief], alerts: [9], isSummary: true, at: at(4))
        #expect(queue.waiting(for: Self.chief).map(\.message.id) == ["digest", "d"])
        let states = queue.takeChanges().deliveries.map(\.state)
        #expect(states == [.superseded, .superseded, .superseded, .queued, .queued])
    }

    @Test("a summary overtakes what is wrong as it was, and only such ends as it tells too")
    mutating func summaries() {
        queue.add(message("a1"), to: [Self.chief], alerts: [1, 2], at: at(0))
        queue.add(message("a1 is over", .ok), to: [Self.chief], alerts: [1], ends: [1], at: at(1))
        queue.add(message("summary"), to: [Self.chief], alerts: [3, 4], ends: [4], isSummary: true, at: at(2))
        #expect(queue.waiting(for: Self.chief).map(\.message.id) == ["a1 is over", "summary"])
        // A summary tells ends as well.
        queue.add(message("second"), to: [Self.chief], alerts: [3, 1], ends: [1], isSummary: true, at: at(3))
        #expect(queue.waiting(for: Self.chief).map(\.message.id) == ["summary", "second"])
        queue.add(message("third"), to: [Self.chief], alerts: [1, 4], ends: [1, 4], isSummary: true, at: at(4))
        #expect(queue.waiting(for: Self.chief).map(\.message.id) == ["third"])
    }

    @Test("what is being tried is not overtaken, unless it fails")
    mutating func current() {
        queue.add(message("a"), to: [Self.chief], alerts: [1], at: at(0))
        let tried = queue.start(at: at(0))[0]
        queue.add(message("b"), to: [Self.chief], alerts: [1], at: at(1))
        #expect(queue.waiting(for: Self.chief).count == 2)
        queue.finish(tried, Self.failed, jitter: 0, at: at(2))
        #expect(queue.waiting(for: Self.chief).map(\.message.id) == ["b"])
    }

    @Test("no end comes before the problem it ends when that failed; what is about something else does")
    mutating func order() {
        queue.add(message("a1, a2"), to: [Self.chief], alerts: [1, 2], at: at(0))
        queue.finish(queue.start(at: at(0))[0], Self.failed, jitter: 0, at: at(0))
        queue.add(message("a2 is over", .ok), to: [Self.chief], alerts: [2], ends: [2], at: at(1))
        queue.add(message("a3"), to: [Self.chief], alerts: [3], at: at(1))
        queue.add(message("a1 is worse"), to: [Self.chief], alerts: [1], at: at(1))
        var told: [String] = []
        for _ in 0..<4 {
            for delivery in queue.start(at: at(900)) {
                told.append(delivery.message.id)
                queue.finish(delivery, .delivered, jitter: 0, at: at(900))
            }
        }
        #expect(told == ["a3", "a1 is worse", "a1, a2", "a2 is over"])
    }

    private static let refused = DeliveryOutcome.refused(DeliveryFailure("too long"))

    @Test("an end does not wait for what was refused, and when all of that is over, it is not tried any more")
    mutating func refusedProblem() {
        queue.add(message("a1, a2"), to: [Self.chief], alerts: [1, 2], at: at(0))
        queue.finish(queue.start(at: at(0))[0], Self.refused, jitter: 0, at: at(0))
        queue.add(message("a1 is over", .ok), to: [Self.chief], alerts: [1], ends: [1], at: at(1))
        let end = queue.start(at: at(1))
        #expect(end.map(\.message.id) == ["a1 is over"])
        guard let end = end.first else { return }
        queue.finish(end, .delivered, jitter: 0, at: at(1))
        // Something got there, so it is tried once more, and a2 waits for that.
        queue.add(message("a2 is over", .ok), to: [Self.chief], alerts: [2], ends: [2], at: at(2))
        #expect(queue.waiting(for: Self.chief).map(\.message.id) == ["a2 is over"])
        #expect(start(2) == ["a2 is over"])
    }

    @Test("when everything is refused, the problem comes before its end once that is mended")
    mutating func refusingRecipient() {
        queue.add(message("a1, a2"), to: [Self.chief], alerts: [1, 2], at: at(0))
        queue.finish(queue.start(at: at(0))[0], Self.refused, jitter: 0, at: at(0))
        queue.add(message("a1 is over", .ok), to: [Self.chief], alerts: [1], ends: [1], at: at(1))
        for delivery in queue.start(at: at(1)) { queue.finish(delivery, Self.refused, jitter: 0, at: at(1)) }
        queue.finish(queue.start(at: at(902))[0], Self.refused, jitter: 0, at: at(902))
        queue.setRecipients([Self.chief], at: at(903))
        var told: [String] = []
        while let delivery = queue.start(at: at(903)).first {
            told.append(delivery.message.id)
            queue.finish(delivery, .delivered, jitter: 0, at: at(903))
        }
        #expect(told == ["a1, a2", "a1 is over"])
    }

    @Test(
        "whatever is tried and however it goes, ends come after what they end unless it was refused, and all gets through",
        arguments: 0..<8
    )
    mutating func orders(seed: UInt64) {
        var chance = Chance(state: seed)
        var begun: Set<Int64> = []
        var told: [Delivery] = []
        var refused: Set<Int64> = []
        var now = 0.0
        func isInOrder(_ told: [Delivery]) -> Bool {
            let ends = told.indices.filter { told[$0].message.level == .ok }
            return ends.allSatisfy { end in
                let alert = told[end].alerts[0]
                return !told[(end + 1)...].contains { $0.alerts.contains(alert) && !refused.contains($0.id) }
            }
        }
        for step in 0..<200 {
            now += 60
            let alert = Int64(step)
            if Bool.random(using: &chance) {
                let others = begun.sorted().filter { _ in Int.random(in: 0..<4, using: &chance) == 0 }
                queue.add(message("m\(step)"), to: [Self.chief], alerts: [alert] + others, at: at(now))
                begun.insert(alert)
            } else if let over = begun.sorted().randomElement(using: &chance) {
                queue.add(message("m\(step)", .ok), to: [Self.chief], alerts: [over], ends: [over], at: at(now))
                begun.remove(over)
            }
            for delivery in queue.start(at: at(now)) {
                let outcomes = [Self.failed, .refused(DeliveryFailure("no")), .delivered]
                let outcome = outcomes.randomElement(using: &chance) ?? .delivered
                if outcome == .delivered { told.append(delivery) }
                if case .refused = outcome { refused.insert(delivery.id) }
                queue.finish(delivery, outcome, jitter: 0, at: at(now))
            }
        }
        now += 3600
        while let delivery = queue.start(at: at(now)).first {
            told.append(delivery)
            queue.finish(delivery, .delivered, jitter: 0, at: at(now))
        }
        #expect(queue.count == 0 && isInOrder(told))
    }

    @Test("one message that always fails does not stop the others")
    mutating func poison() {
        queue.add(message("bad"), to: [Self.chief], alerts: [1], at: at(0))
        queue.add(message("good"), to: [Self.chief], alerts: [2], at: at(0))
        let tried = queue.start(at: at(0))[0]
        #expect(tried.message.id == "bad")
        queue.finish(tried, .refused(DeliveryFailure("too long")), jitter: 0, at: at(0))
        #expect(start(0) == ["good"])
    }

    @Test("what was refused waits for 15 min, and what comes new meanwhile is tried at once")
    mutating func refusal() {
        queue.add(message("bad"), to: [Self.chief], alerts: [1], at: at(0))
        let refused = DeliveryOutcome.refused(DeliveryFailure("unknown chat"))
        queue.finish(queue.start(at: at(0))[0], refused, jitter: 0, at: at(0))
        #expect(start(1) == [])
        queue.add(message("new"), to: [Self.chief], alerts: [2], at: at(2))
        let tried = queue.start(at: at(2))
        #expect(tried.map(\.message.id) == ["new"])
        queue.finish(tried[0], refused, jitter: 0, at: at(2))
        #expect(start(3) == [] && start(901) == [] && start(902) == ["bad"])
    }

    @Test("after a failure that is not the message's fault nothing is tried before its time, however new")
    mutating func pause() {
        queue.add(message("a"), to: [Self.chief], alerts: [1], at: at(0))
        queue.finish(queue.start(at: at(0))[0], .refused(DeliveryFailure("unknown")), jitter: 0, at: at(0))
        let tried = queue.start(at: at(900))[0]
        let busy = DeliveryOutcome.failed(DeliveryFailure("busy"), retryAfterSeconds: 60)
        queue.finish(tried, busy, jitter: 0, at: at(900))
        queue.add(message("b"), to: [Self.chief], alerts: [2], at: at(901))
        #expect(start(959) == [] && start(960) == ["b"])
    }

    @Test("the line is bounded: what matters least goes first, and what is older than 3 days")
    mutating func bounds() {
        queue.add(message("critical"), to: [Self.chief], alerts: [1], at: at(0))
        for number in 0..<100 {
            queue.add(message("w\(number)", .warning), to: [Self.chief], alerts: [Int64(number + 2)], at: at(1))
        }
        let waiting = queue.waiting(for: Self.chief).map(\.message.id)
        #expect(waiting.count == DeliveryQueue.limit && waiting.first == "critical" && waiting.last == "w99")
        #expect(start(DeliveryQueue.lifetimeSeconds + 1) == [])
        #expect(queue.count == 0)
    }

    @Test("what is written down and read back goes on, with the same ids, and so do its failures")
    mutating func resumption() {
        queue.add(message("a"), to: [Self.chief], alerts: [1], at: at(0))
        queue.add(message("b"), to: [Self.chief], alerts: [2], at: at(0))
        let tried = queue.start(at: at(0))[0]
        queue.finish(tried, Self.failed, jitter: 0, at: at(0))
        _ = queue.start(at: at(10))
        let changes = queue.takeChanges()
        var later = DeliveryQueue(
            waiting: changes.deliveries,
            records: changes.records.values.compactMap { $0 },
            nextID: 1
        )
        #expect(later.records[Self.chief]?.failuresInARow == 1)
        #expect(later.start(at: at(11)).map(\.message.id) == ["b"])
        later.add(message("c"), to: [Self.chief], alerts: [3], at: at(12))
        #expect(Set(later.waiting(for: Self.chief).map(\.id)).count == 3)
    }

    @Test("who is on no list any more gets nothing, and a changed configuration is tried at once")
    mutating func recipients() {
        queue.add(message("a"), to: [Self.chief, Self.deputy], alerts: [1], at: at(0))
        for delivery in queue.start(at: at(0)) {
            queue.finish(delivery, .refused(DeliveryFailure("unknown")), jitter: 0, at: at(0))
        }
        queue.setRecipients([Self.chief], at: at(1))
        #expect(queue.start(at: at(1)).map(\.recipient) == [Self.chief])
        #expect(queue.records[Self.deputy] == nil)
    }

    @Test("a test that gets there has what waits tried at once; one that does not is no failure of a message")
    mutating func tested() {
        queue.add(message("a"), to: [Self.chief], alerts: [1], at: at(0))
        queue.note(Self.chief, Self.failed, at: Timeline.start)
        #expect(!queue.isFailing(Self.chief))
        let busy = DeliveryOutcome.failed(DeliveryFailure("busy"), retryAfterSeconds: 3600)
        queue.finish(queue.start(at: at(0))[0], busy, jitter: 0, at: at(0))
        #expect(queue.isFailing(Self.chief) && start(10) == [])
        queue.note(Self.chief, Self.failed, at: Timeline.start)
        #expect(start(10) == [])
        queue.note(Self.chief, .delivered, at: Timeline.start)
        #expect(!queue.isFailing(Self.chief) && start(10) == ["a"])
    }

    @Test("some failures are a bad moment, more are a trouble, and so is a refusal; a success ends both")
    mutating func troubles() {
        queue.note(Self.deputy, .refused(DeliveryFailure("unknown chat")), at: Timeline.start)
        #expect(queue.records[Self.deputy]?.isTroubled == true)
        for round in 1...4 {
            queue.note(Self.chief, Self.failed, at: Timeline.start)
            #expect(queue.records[Self.chief]?.isTroubled == (round == 4))
        }
        queue.note(Self.chief, .delivered, at: Timeline.start)
        #expect(queue.records[Self.chief]?.isTroubled == false)
    }
}
