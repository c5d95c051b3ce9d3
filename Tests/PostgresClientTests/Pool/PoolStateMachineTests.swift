import TestSupport
import Testing

@testable import PostgresClient

@Suite struct PoolStateMachineTests {
    private func machine(_ change: (inout PoolConfiguration) -> Void = { _ in }) -> PoolStateMachine {
        var configuration = PoolConfiguration()
        configuration.maximumConnections = 2
        configuration.waitTimeout = .seconds(10)
        configuration.idleTimeout = .seconds(100)
        configuration.lifetime = .seconds(1000)
        configuration.initialBackoff = .seconds(1)
        configuration.maximumBackoff = .seconds(5)
        change(&configuration)
        return PoolStateMachine(configuration)
    }

    @Test func `the minimum is opened at the start`() {
        var pool = machine { $0.minimumConnections = 2 }
        #expect(pool.start(at: .zero) == [.connect(0), .connect(1)])
        #expect(pool.connected(0, at: .zero) == [.wake(at: .seconds(1000))])
        #expect(pool.connected(1, at: .zero) == [])
        #expect(pool.statistics.idle == 2)
    }

    @Test func `a lease opens a connection, waits for it, and the next one reuses it`() {
        var pool = machine()
        #expect(pool.start(at: .zero) == [])
        #expect(pool.lease(1, at: .zero) == [.connect(0), .wake(at: .seconds(10))])
        #expect(pool.connected(0, at: .seconds(1)) == [.lend(0, to: 1, check: false)])
        #expect(pool.statistics.waits == 1)
        #expect(pool.statistics.waitTime == .seconds(1))
        #expect(pool.release(0, isUsable: true, at: .seconds(2)) == [])
        #expect(pool.lease(2, at: .seconds(3)) == [.lend(0, to: 2, check: false)])
        #expect(pool.statistics.leases == 2)
        #expect(pool.statistics.leased == 1)
    }

    @Test func `waiters are served in their order, and no more connections are opened than allowed`() {
        var pool = machine()
        #expect(pool.lease(1, at: .zero) == [.connect(0), .wake(at: .seconds(10))])
        #expect(pool.lease(2, at: .zero) == [.connect(1)])
        #expect(pool.lease(3, at: .zero) == [])
        #expect(pool.connected(1, at: .zero) == [.lend(1, to: 1, check: false)])
        #expect(pool.connected(0, at: .zero) == [.lend(0, to: 2, check: false)])
        #expect(pool.release(0, isUsable: true, at: .zero) == [.lend(0, to: 3, check: false)])
    }

    @Test func `a broken connection is replaced while somebody waits`() {
        var pool = machine { $0.maximumConnections = 1 }
        _ = pool.lease(1, at: .zero)
        _ = pool.connected(0, at: .zero)
        #expect(pool.lease(2, at: .zero) == [])
        #expect(pool.release(0, isUsable: false, at: .zero) == [.close(0), .connect(1)])
        #expect(pool.connected(1, at: .zero) == [.lend(1, to: 2, check: false)])
        #expect(pool.statistics.created == 2)
        #expect(pool.statistics.closed == 1)
    }

    @Test func `the queue is bounded and waiting ends`() {
        var pool = machine {
            $0.maximumConnections = 1
            $0.maximumWaiters = 2
        }
        #expect(pool.lease(1, at: .zero) == [.connect(0), .wake(at: .seconds(10))])
        #expect(pool.lease(2, at: .seconds(4)) == [])
        #expect(pool.lease(3, at: .seconds(4)) == [.fail(3, .queueFull)])
        #expect(pool.wake(at: .seconds(10)) == [.fail(1, .timedOut), .wake(at: .seconds(14))])
        #expect(pool.cancel(2, at: .seconds(11)) == [.fail(2, .cancelled)])
        #expect(pool.cancel(2, at: .seconds(11)) == [])
        #expect(pool.wake(at: .seconds(14)) == [])
        #expect(pool.statistics.waitTimeouts == 1)
    }

    @Test func `a connection that was idle for long is checked before it is lent`() {
        var pool = machine { $0.checkAfterIdle = .seconds(30) }
        _ = pool.lease(1, at: .zero)
        _ = pool.connected(0, at: .zero)
        _ = pool.release(0, isUsable: true, at: .seconds(5))
        #expect(pool.lease(2, at: .seconds(34)) == [.lend(0, to: 2, check: false)])
        _ = pool.release(0, isUsable: true, at: .seconds(35))
        #expect(pool.lease(3, at: .seconds(65)) == [.lend(0, to: 3, check: true)])
    }

    @Test func `idle connections above the minimum are closed, the least used first`() {
        var pool = machine { $0.minimumConnections = 1 }
        _ = pool.start(at: .zero)
        _ = pool.connected(0, at: .zero)
        _ = pool.lease(1, at: .zero)
        _ = pool.lease(2, at: .zero)
        _ = pool.connected(1, at: .zero)
        #expect(pool.wake(at: .seconds(10)) == [])
        #expect(pool.release(1, isUsable: true, at: .seconds(20)) == [.wake(at: .seconds(120))])
        _ = pool.release(0, isUsable: true, at: .seconds(30))
        #expect(pool.wake(at: .seconds(120)) == [.close(1), .wake(at: .seconds(1000))])
        #expect(pool.wake(at: .seconds(130)) == [])
        #expect(pool.statistics.total == 1)
    }

    @Test func `an old connection is replaced once it is free`() {
        var pool = machine { $0.minimumConnections = 1 }
        _ = pool.start(at: .zero)
        _ = pool.connected(0, at: .zero)
        #expect(pool.wake(at: .seconds(1000)) == [.close(0), .connect(1)])
        _ = pool.connected(1, at: .seconds(1000))
        _ = pool.lease(1, at: .seconds(1001))
        #expect(pool.release(1, isUsable: true, at: .seconds(2001)) == [.close(1), .connect(2)])
    }

    @Test func `after failures it waits longer each time, with jitter, and tries one at a time`() {
        var pool = machine { $0.minimumConnections = 2 }
        #expect(pool.start(at: .zero) == [.connect(0), .connect(1)])
        #expect(pool.connectFailed(0, at: .zero, jitter: 1) == [.wake(at: .seconds(1))])
        #expect(pool.connectFailed(1, at: .zero, jitter: 1) == [])
        #expect(pool.wake(at: .seconds(1)) == [.wake(at: .seconds(2))])
        #expect(pool.wake(at: .seconds(2)) == [.connect(2)])
        #expect(pool.connectFailed(2, at: .seconds(2), jitter: 0) == [.wake(at: .seconds(4))])
        #expect(pool.wake(at: .seconds(4)) == [.connect(3)])
        #expect(pool.connectFailed(3, at: .seconds(4), jitter: 1) == [.wake(at: .seconds(9))])
        #expect(pool.statistics.failuresInARow == 4)
        #expect(pool.wake(at: .seconds(9)) == [.connect(4)])
        #expect(pool.connected(4, at: .seconds(9)) == [.connect(5), .wake(at: .seconds(1009))])
        #expect(pool.statistics.failuresInARow == 0)
    }

    @Test func `those who wait learn at once that the server is out of reach`() {
        var pool = machine()
        _ = pool.lease(1, at: .zero)
        #expect(pool.connectFailed(0, at: .zero, jitter: 1) == [.fail(1, .cannotConnect)])
        // A new one waits for the next attempt.
        #expect(pool.lease(2, at: .milliseconds(500)) == [.wake(at: .seconds(1))])
        #expect(pool.wake(at: .seconds(1)) == [.connect(1), .wake(at: .milliseconds(10500))])
    }

    @Test func `with a connection lent, those who wait go on waiting for it`() {
        var pool = machine()
        _ = pool.lease(1, at: .zero)
        _ = pool.connected(0, at: .zero)
        #expect(pool.lease(2, at: .zero) == [.connect(1)])
        #expect(pool.connectFailed(1, at: .zero, jitter: 1) == [.wake(at: .seconds(1))])
        #expect(pool.release(0, isUsable: true, at: .milliseconds(10)) == [.lend(0, to: 2, check: false)])
    }

    @Test func `shutting down refuses, closes the idle, and waits for the lent`() {
        var pool = machine { $0.maximumConnections = 3 }
        for waiter in 1...3 { _ = pool.lease(waiter, at: .zero) }
        for connection in 0...2 { _ = pool.connected(connection, at: .zero) }
        _ = pool.lease(4, at: .zero)
        _ = pool.cancel(4, at: .zero)
        _ = pool.release(0, isUsable: true, at: .zero)
        #expect(pool.shutDown(at: .zero) == [.close(0)])
        #expect(pool.lease(5, at: .zero) == [.fail(5, .closed)])
        #expect(pool.release(1, isUsable: true, at: .zero) == [.close(1)])
        #expect(pool.forceShutDown(at: .zero) == [.close(2), .finish])
        #expect(pool.release(2, isUsable: true, at: .zero) == [])
        #expect(pool.shutDown(at: .zero) == [])
    }

    @Test func `shutting down with nothing open is over at once`() {
        var pool = machine()
        #expect(pool.shutDown(at: .zero) == [.finish])
    }

    @Test func `shutting down waits for attempts to connect and closes what they bring`() {
        var pool = machine()
        _ = pool.lease(1, at: .zero)
        #expect(pool.shutDown(at: .zero) == [.fail(1, .closed)])
        #expect(pool.connected(0, at: .zero) == [.close(0), .finish])
    }

    @Test(arguments: 1...20)
    func `any order of events keeps the bounds and answers every waiter once`(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var pool = machine {
            $0.maximumConnections = 3
            $0.minimumConnections = 1
            $0.maximumWaiters = 5
        }
        var now = Duration.zero
        var connecting: Set<Int> = []
        var leased: Set<Int> = []
        var waiting: Set<Int> = []
        var open: Set<Int> = []
        var nextWaiter = 0
        var isFinished = false
        func apply(_ actions: [PoolStateMachine.Action]) {
            for action in actions {
                switch action {
                case .connect(let id): connecting.insert(id)
                case .close(let id):
                    #expect(open.remove(id) != nil || connecting.remove(id) != nil)
                    leased.remove(id)
                case .lend(let id, let waiter, _):
                    #expect(open.contains(id) && leased.insert(id).inserted)
                    #expect(waiting.remove(waiter) != nil)
                case .fail(let waiter, _): #expect(waiting.remove(waiter) != nil)
                case .wake(let time): #expect(time >= now)
                case .finish: isFinished = true
                }
            }
            #expect(open.count + connecting.count <= 3)
            #expect(pool.statistics.waiting == waiting.count)
            #expect(pool.statistics.leased == leased.count)
            #expect(waiting.count <= 5)
        }
        apply(pool.start(at: now))
        for _ in 0..<400 {
            now += .milliseconds(Int.random(in: 0...3000, using: &random))
            switch Int.random(in: 0...6, using: &random) {
            case 0, 1:
                nextWaiter += 1
                waiting.insert(nextWaiter)
                apply(pool.lease(nextWaiter, at: now))
            case 2:
                if let id = connecting.sorted().randomElement(using: &random) {
                    connecting.remove(id)
                    open.insert(id)
                    apply(pool.connected(id, at: now))
                }
            case 3:
                if let id = connecting.sorted().randomElement(using: &random) {
                    connecting.remove(id)
                    apply(pool.connectFailed(id, at: now, jitter: .random(in: 0...1, using: &random)))
                }
            case 4:
                if let id = leased.sorted().randomElement(using: &random) {
                    leased.remove(id)
                    apply(pool.release(id, isUsable: .random(using: &random), at: now))
                }
            case 5:
                if let waiter = waiting.sorted().randomElement(using: &random) { apply(pool.cancel(waiter, at: now)) }
            default: apply(pool.wake(at: now))
            }
        }
        apply(pool.shutDown(at: now))
        #expect(waiting.isEmpty)
        for id in leased.sorted() {
            leased.remove(id)
            apply(pool.release(id, isUsable: true, at: now))
        }
        for id in connecting.sorted() {
            connecting.remove(id)
            apply(pool.connectFailed(id, at: now, jitter: 0))
        }
        #expect(open.isEmpty)
        #expect(isFinished)
    }
}
