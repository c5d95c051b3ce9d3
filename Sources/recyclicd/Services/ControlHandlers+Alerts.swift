import Alerting
import Blocking
import Configuration
import ControlAPI
import FoundationEssentials
import Monitoring
import State
import Varlink
import VarlinkServer

/// Alerts: what is told, who knows, what is silenced, and whether messages arrive.
extension ControlHandlers {
    /// How long an acknowledgement waits for being noted with the drill, after the time for the alert's own record.
    private static let notingPatience = Duration.seconds(1)

    func addAlerts(to interface: inout ServedInterface) {
        interface.handle(ListAlerts.name) { (input: ListAlerts.Input, _) in
            let limit = input.limit ?? 50
            guard (1...1_000).contains(limit) else { throw ControlErrors.invalid("limit is \(limit), not 1 to 1000") }
            let overview = await alerts.overview
            let list = try await alertList(resolvedOnes: input.all ?? false ? Int(limit) : 0)
            return ListAlerts.Output(
                alerts: Array(list.prefix(Int(limit))),
                silences: overview.silences.map { AlertDescription.describe($0, at: overview.moment) },
                recipients: AlertDescription.recipients(overview)
            )
        }
        interface.handle(GetAlert.name) { (input: GetAlert.Input, _) in try await alert(named: input.id) }
        interface.handle(AcknowledgeAlert.name) { (input: AcknowledgeAlert.Input, call) in
            let reason = try input.reason.map { try Self.accepted(reason: $0) }
            return try await acknowledge(input.id, reason: reason, by: Self.name(of: call.peer))
        }
        interface.handle(SilenceAlert.name) { (input: SilenceAlert.Input, call) in
            try await silence(input, by: Self.name(of: call.peer))
        }
        interface.handle(UnsilenceAlert.name) { (input: UnsilenceAlert.Input, call) in
            try await unsilence(input.id, by: Self.name(of: call.peer))
        }
        interface.handle(TestAlerts.name) { (_: TestAlerts.Input, _) in
            TestAlerts.Output(
                results: await alerts.test().map {
                    AlertDescription.describe($0.recipient, isSecondary: $0.isSecondary, $0.outcome)
                }
            )
        }
    }

    /// The open alerts, and the newest of those that are over.
    func alertList(resolvedOnes limit: Int) async throws -> [ControlAPI.Alert] {
        let overview = await alerts.overview
        let open = AlertDescription.describe(overview)
        guard limit > 0 else { return open }
        let known = Set(open.map(\.id))
        try await state.checkAnswers(within: AlertCenter.answeringPatience)
        let records = try await state.alertRecords(limit: limit).compactMap { try? $0.decode(Alerting.Alert.self) }
        return open
            + records.filter { $0.phase == .resolved && !known.contains("a\($0.id)") }
            .map { AlertDescription.describe($0, .resolved, at: overview.moment) }
    }

    private static func target(_ text: String) throws -> AlertTarget {
        if let target = AlertTarget(text) { return target }
        throw ControlErrors.invalid(
            "\"\(text)\" is no alert; alerts are named a1, a2, … or by their code",
            hint: "recyclicctl alerts list"
        )
    }

    private static func notOpen(_ text: String) -> VarlinkError {
        ControlErrors.notFound("there is no open alert \"\(text)\"", hint: "recyclicctl alerts list")
    }

    private func alert(named text: String) async throws -> GetAlert.Output {
        let target = try Self.target(text)
        guard target != .all else { throw ControlErrors.invalid("\"all\" is no single alert") }
        let overview = await alerts.overview
        try await state.checkAnswers(within: AlertCenter.answeringPatience)
        let found: (alert: Alerting.Alert, state: AlertState)
        if let open = await alerts.openAlerts(target)?.first,
            let entry = overview.open.first(where: { $0.alert.id == open.id })
        {
            found = entry
        } else {
            let record: JSONText? =
                switch target {
                case .all: nil
                case .code(let code): try await state.lastAlertRecord(code: code.rawValue)
                case .number(let number): try await state.alertRecord(number)
                }
            guard let alert = try record?.decode(Alerting.Alert.self) else {
                throw ControlErrors.notFound("there is no alert \"\(text)\"", hint: "recyclicctl alerts list --all")
            }
            found = (alert, .resolved)
        }
        let deliveries = try await state.deliveryRecords(alert: found.alert.id, limit: 50)
            .compactMap { try? $0.decode(Alerting.Delivery.self) }
        return GetAlert.Output(
            alert: AlertDescription.describe(
                found.alert,
                found.state,
                silences: overview.silences,
                at: overview.moment
            ),
            deliveries: deliveries.map(AlertDescription.describe)
        )
    }

    private func acknowledge(_ text: String, reason: String?, by: String) async throws -> AcknowledgeAlert.Output {
        let target = try Self.target(text)
        guard let open = await alerts.openAlerts(target) else { throw Self.notOpen(text) }
        if target != .all, let first = open.first, first.phase == .pending {
            throw ControlErrors.invalid(
                "alert a\(first.id) (\(first.code.rawValue)) is not told yet, so there is nothing to acknowledge",
                hint:
                    "To be left alone with it: recyclicctl alerts silence \(first.code.rawValue) --for 2h --reason TEXT"
            )
        }
        var (alerts, unwritten) = await alerts.acknowledge(target, by: by, note: reason) ?? ([], nil)
        // A drill that could not judge is one warning that can be acknowledged: health, too, shall know.
        if alerts.contains(where: { $0.code == .drillCannotJudge }) {
            let state = state
            do {
                let isNoted: Void? = try await withPatience(Self.notingPatience) {
                    guard let drill = LastDrill.worst(of: try await state.drills(limit: 100)),
                        drill.verdict == .cannotJudge
                    else { return }
                    try await state.acknowledgeDrill(drill.id, at: Date())
                }
                if isNoted == nil { unwritten = .silent }
            } catch let error as StateError {
                // The alert is acknowledged nevertheless.
                unwritten = .failing(reason: error.message)
            }
        }
        let overview = await self.alerts.overview
        let ids = Set(alerts.map(\.id))
        return AcknowledgeAlert.Output(
            alerts: overview.open.filter { ids.contains($0.alert.id) && $0.alert.phase != .pending }.map {
                AlertDescription.describe($0.alert, $0.state, silences: overview.silences, at: overview.moment)
            },
            unwritten: describe(unwritten)
        )
    }

    private func describe(_ unwritten: Unwritten?) -> Failure? {
        unwritten.map { AlertDescription.describe($0, folder: reporter.settings.current.paths.stateDirectory) }
    }

    private func silence(_ input: SilenceAlert.Input, by: String) async throws -> SilenceAlert.Output {
        let target = try Self.target(input.id)
        let code: HealthReasonCode?
        switch target {
        case .all: code = nil
        case .code(let named): code = named
        case .number:
            guard let alert = await alerts.openAlerts(target)?.first else { throw Self.notOpen(input.id) }
            code = alert.code
        }
        let reason = try Self.accepted(reason: input.reason)
        guard reason.contains(where: { !$0.isWhitespace }) else {
            throw ControlErrors.invalid("a silence needs a reason, for those who wonder later")
        }
        let longest = code == nil ? Alerting.Silence.maximumSecondsOverAll : Alerting.Silence.maximumSeconds
        guard input.seconds >= 1, Double(input.seconds) <= longest else {
            throw ControlErrors.invalid(
                "a silence over \(code == nil ? "everything" : "one problem") lasts 1 s to \(HumanText.duration(longest)), "
                    + "not \(HumanText.duration(Double(input.seconds)))"
            )
        }
        guard
            let (silence, unwritten) = await alerts.silence(
                code,
                seconds: Double(input.seconds),
                reason: reason,
                by: by
            )
        else { throw ControlErrors.notFound("the silence is over already") }
        return SilenceAlert.Output(
            silence: AlertDescription.describe(silence, at: await alerts.overview.moment),
            unwritten: describe(unwritten)
        )
    }

    private func unsilence(_ text: String, by: String) async throws -> UnsilenceAlert.Output {
        let (ended, unwritten): ([Alerting.Silence], Unwritten?)
        if text.lowercased() == "all" {
            (ended, unwritten) = await alerts.unsilence(by: by) { _ in true }
        } else if text.lowercased().hasPrefix("s"), let number = Int64(text.dropFirst()) {
            (ended, unwritten) = await alerts.unsilence(by: by) { $0.id == number }
        } else {
            guard case .code(let code) = try Self.target(text) else {
                throw ControlErrors.invalid("\"\(text)\" is no silence; silences are named s1, s2, … or by a code")
            }
            (ended, unwritten) = await alerts.unsilence(by: by) { $0.code == code }
        }
        guard !ended.isEmpty else {
            throw ControlErrors.notFound("there is no silence \"\(text)\"", hint: "recyclicctl alerts list")
        }
        let moment = await alerts.overview.moment
        return UnsilenceAlert.Output(
            silences: ended.map { AlertDescription.describe($0, at: moment) },
            unwritten: describe(unwritten)
        )
    }
}
