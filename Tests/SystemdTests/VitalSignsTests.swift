import Systemd
import Testing

/// The decision whether the service manager is told that all is well.
@Suite
struct VitalSignsTests {
    private static let start = SuspendingClock.now

    @Test
    func `all parts are alive at the beginning, for as long as each may be silent`() {
        let signs = Self.signs()
        #expect(Self.stuck(signs, after: 0).isEmpty)
        #expect(Self.stuck(signs, after: 60).isEmpty)
        #expect(Self.stuck(signs, after: 61) == ["runner"])
        #expect(Self.stuck(signs, after: 601) == ["runner", "collector"])
    }

    @Test
    func `a part that shows progress is alive, however long it does the same`() {
        var signs = Self.signs()
        for second in stride(from: 5, through: 86_400, by: 5) {
            signs.note(0, now: Self.start + .seconds(second))
            signs.note(1, now: Self.start + .seconds(second))
        }
        #expect(Self.stuck(signs, after: 86_430).isEmpty)
        #expect(Self.stuck(signs, after: 86_461) == ["runner"])
    }

    @Test
    func `one stuck part is enough, whatever the others do, and it may come back`() {
        var signs = Self.signs()
        signs.note(1, now: Self.start + .seconds(100))
        #expect(Self.stuck(signs, after: 100) == ["runner"])
        signs.note(0, now: Self.start + .seconds(101))
        #expect(Self.stuck(signs, after: 101).isEmpty)
    }

    @Test
    func `signs that come out of order take nothing back`() {
        var signs = Self.signs()
        signs.note(0, now: Self.start + .seconds(100))
        signs.note(0, now: Self.start + .seconds(10))
        #expect(Self.stuck(signs, after: 150).isEmpty)
    }

    @Test
    func `without parts nothing is stuck`() {
        #expect(VitalSigns().stuck(now: Self.start).isEmpty)
    }

    private static func signs() -> VitalSigns {
        var signs = VitalSigns()
        _ = signs.add("runner", patience: .seconds(60), now: start)
        _ = signs.add("collector", patience: .seconds(600), now: start)
        return signs
    }

    private static func stuck(_ signs: VitalSigns, after seconds: Int) -> [String] {
        signs.stuck(now: start + .seconds(seconds)).map(\.name)
    }
}
