import ControlAPI
import Testing

@testable import recyclicctl

@Suite
struct StatsNewsTests {
    /// Figures of a second, of which the rest stays as it is.
    private static func figures(
        _ second: Int,
        tickets: Int64 = 17,
        semantics: String = "rolling-24h",
        timeZone: String = "UTC",
        enabled: Bool = true
    ) -> GetReceptionStats.Output {
        GetReceptionStats.Output(
            stats: ReceptionStats(
                takenAt: "2026-11-22T12:00:\(10 + second)Z",
                semantics: semantics,
                timeZone: timeZone,
                enabled: enabled,
                durationSeconds: Double(second),
                ticketsOpen: enabled ? tickets : 0,
                ticketsClosed24h: 0,
                turnoverEur: 0,
                donationsEur: 0,
                weightInKg: 0,
                weightOutKg: 0
            )
        )
    }

    private static func failure(_ message: String, hint: String? = nil) -> GetReceptionStats.Output {
        GetReceptionStats.Output(error: Failure(code: "code", message: message, hint: hint))
    }

    /// Of each output whether it is news.
    private static func news(_ outputs: [GetReceptionStats.Output]) -> [Bool] {
        var news = StatsNews()
        return outputs.map { news.take($0).isNews }
    }

    /// The differences that are shown with the last of some outputs.
    private static func changes(_ outputs: [GetReceptionStats.Output]) -> [String] {
        var news = StatsNews()
        let shown = outputs.map { news.take($0).lines }
        return (shown.last ?? []).compactMap { line in line.firstIndex(of: "(").map { String(line[$0...]) } }
    }

    @Test
    func `figures are news when they change, and not again when they stay as they became`() {
        let outputs = [17, 17, 18, 18, 18, 17].enumerated().map { Self.figures($0.offset, tickets: $0.element) }
        #expect(Self.news(outputs) == [true, false, true, false, false, true])
        #expect(Self.changes(Array(outputs.prefix(3))) == ["(+1)"])
        #expect(Self.changes(Array(outputs.prefix(4))) == [])
        #expect(Self.changes(outputs) == ["(-1)"])
    }

    @Test
    func `each other state is news, one line or more`() {
        let (off, later) = (Self.figures(1, enabled: false), Self.figures(2, enabled: false))
        #expect(Self.news([off, later, Self.failure("a"), off]) == [true, false, true, true])
        let (first, second) = (Self.failure("a"), Self.failure("b"))
        #expect(Self.news([first, first, second, Self.failure("b", hint: "c")]) == [true, false, true, true])
        #expect(Self.news([Self.figures(1), first, Self.figures(2)]) == [true, true, true])
        #expect(Self.news([GetReceptionStats.Output(), GetReceptionStats.Output()]) == [true, false])
    }

    @Test
    func `differences are those of like figures`() {
        let before = Self.figures(1)
        #expect(Self.changes([before, Self.failure("a"), Self.figures(2, tickets: 20)]) == ["(+3)"])
        #expect(Self.changes([Self.figures(1, enabled: false), Self.figures(2)]) == [])
        #expect(Self.changes([before, Self.figures(2, enabled: false), Self.figures(3, tickets: 20)]) == [])
        #expect(Self.changes([before, Self.figures(2, tickets: 20, semantics: "opened-today")]) == [])
        #expect(Self.changes([before, Self.figures(2, tickets: 20, timeZone: "Europe/Paris")]) == [])
        #expect(Self.news([before, Self.figures(2, semantics: "opened-today")]) == [true, true])
    }
}
