import Blocking
import ControlAPI
import Reception
import VarlinkServer

/// Live reception statistics: whoever may use the control socket may see them.
extension ControlHandlers {
    /// How often a watching client is told, in seconds.
    private static let intervals = 1...Int64(3600)
    private static let usualInterval: Int64 = 5

    func addReception(to interface: inout ServedInterface) {
        interface.handle(GetReceptionStats.name) { (input: GetReceptionStats.Input, call) in
            let interval = input.intervalSeconds ?? Self.usualInterval
            guard Self.intervals.contains(interval) else {
                throw ControlErrors.invalid(
                    "the interval is \(interval) s; it may be \(Self.intervals.lowerBound) to \(Self.intervals.upperBound) s"
                )
            }
            while call.replies.isActive {
                try await call.replies.send(await receptionNow())
                try await Task.sleep(for: .seconds(interval))
            }
            return GetReceptionStats.Output(stats: try await receptionStats())
        }
        interface.handle(GetReceptionIndexes.name) { (_: GetReceptionIndexes.Input, _) in
            GetReceptionIndexes.Output(
                indexes: try await reception.service.indexes().map { state in
                    ReceptionIndex(
                        table: state.advice.table.rawValue,
                        statement: state.advice.statement,
                        dropStatement: state.isInvalid ? state.advice.dropStatement : nil,
                        purpose: state.advice.purpose,
                        writeCost: state.advice.writeCost,
                        presentAs: state.presentAs,
                        isBeingMade: state.isBeingMade,
                        sizeBytes: state.bytes,
                        isEstimate: state.presentAs == nil
                    )
                }
            )
        }
    }

    /// Whoever watches is told also that there are no figures just now, and goes on watching.
    private func receptionNow() async throws -> GetReceptionStats.Output {
        do {
            return GetReceptionStats.Output(stats: try await receptionStats())
        } catch let error as any OperatorError {
            return GetReceptionStats.Output(
                error: Failure(code: error.code, message: error.message, hint: error.hint)
            )
        }
    }

    private func receptionStats() async throws -> ReceptionStats {
        let mode = reception.mode
        let start = ContinuousClock.now
        let figures = try await reception.service.figures(mode: mode)
        let elapsed = start.duration(to: .now).components
        func whole(_ figure: ReceptionFigure) -> Int64? { figures[figure]?.units }
        func number(_ figure: ReceptionFigure) -> Double { figures[figure]?.double ?? 0 }
        return ReceptionStats(
            takenAt: TimeFormat.text(figures.takenAt),
            semantics: figures.rules.rawValue,
            timeZone: mode.timeZone,
            enabled: mode.isEnabled != false,
            durationSeconds: Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18,
            ticketsOpen: whole(.ticketsOpen) ?? 0,
            ticketsClosed24h: whole(.ticketsClosed) ?? 0,
            itemsReceived: whole(.itemsReceived),
            turnoverEur: number(.turnover),
            donationsEur: number(.donations),
            weightInKg: number(.weightIn),
            weightOutKg: number(.weightOut)
        )
    }
}
