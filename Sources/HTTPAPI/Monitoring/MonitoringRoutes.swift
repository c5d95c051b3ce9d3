package import FoundationEssentials
package import Monitoring

/// `/metrics`, `/healthz` and `/readyz`, answered from the last collection.
package struct MonitoringRoutes: Sendable {
    /// What was collected last, and how many seconds ago by a clock that nobody sets.
    package typealias Collection = (facts: CollectedFacts, ageSeconds: Double)

    private let collection: @Sendable () async -> Collection?
    private let live: @Sendable () async -> LiveFacts
    private let more: @Sendable () async -> [MetricFamily]
    private let now: @Sendable () -> Date

    /// - Parameters:
    ///   - collection: The last collection; `nil` before the first.
    ///   - live: What is read at each request.
    ///   - more: Metrics of other parts, which keep their own counts.
    ///   - now: The time.
    package init(
        collection: @escaping @Sendable () async -> Collection?,
        live: @escaping @Sendable () async -> LiveFacts,
        more: @escaping @Sendable () async -> [MetricFamily] = { [] },
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.collection = collection
        self.live = live
        self.more = more
        self.now = now
    }

    /// The answer for a path; `nil` where there is nothing.
    package func answer(_ path: String) async -> HTTPAnswer? {
        switch path {
        case "/metrics":
            HTTPAnswer(status: 200, contentType: PrometheusText.contentType, body: await metrics())
        case "/healthz": health(await collection())
        case "/readyz": readiness(await collection())
        case "/": .text(200, "recyclicd: /metrics /healthz /readyz")
        default: nil
        }
    }

    /// The metrics as text.
    package func metrics() async -> String {
        PrometheusText.render(
            metrics(await collection(), await live()) + (await more())
        )
    }

    private func metrics(_ collection: Collection?, _ live: LiveFacts) -> [MetricFamily] {
        DaemonMetrics.families(collection?.facts, ageSeconds: collection?.ageSeconds ?? 0, live: live, now: now())
    }

    // MARK: - Health

    private struct Reason: Encodable {
        var code: String
        var level: String
        var message: String
        var since: Date?
        var hint: String?

        init(_ reason: HealthReason) {
            code = reason.code.rawValue
            level = reason.level.rawValue
            message = reason.message
            since = reason.since
            hint = reason.hint.isEmpty ? nil : reason.hint
        }

        init(code: String, message: String) {
            self.code = code
            level = HealthLevel.critical.rawValue
            self.message = message
        }

        static let notCollected = Reason(code: "notCollected", message: "nothing was measured yet since the start")
    }

    private struct HealthBody: Encodable {
        var health: String
        var reasons: [Reason]
        var collectedAt: Date?
    }

    private struct ReadinessBody: Encodable {
        var ready: Bool
        var reasons: [Reason]
        var collectedAt: Date?
    }

    /// 200 while the protection is ok or has warnings, 503 when it is critical or not known.
    private func health(_ collection: Collection?) -> HTTPAnswer {
        guard let collection else {
            let body = HealthBody(health: HealthLevel.critical.rawValue, reasons: [.notCollected])
            return json(503, body)
        }
        let report = collection.facts.health(now: now(), ageSeconds: collection.ageSeconds)
        let body = HealthBody(
            health: report.level.rawValue,
            reasons: report.reasons.map(Reason.init),
            collectedAt: collection.facts.collectedAt
        )
        return json(report.level == .critical ? 503 : 200, body)
    }

    /// 200 when a backup could be taken now: the database answers and the repository can be used.
    private func readiness(_ collection: Collection?) -> HTTPAnswer {
        guard let collection else { return json(503, ReadinessBody(ready: false, reasons: [.notCollected])) }
        let needed: Set<HealthReasonCode> = [.stale, .databaseUnreachable, .repositoryUnusable]
        let report = collection.facts.health(now: now(), ageSeconds: collection.ageSeconds)
        let reasons = report.reasons.filter { needed.contains($0.code) }.map(Reason.init)
        return json(
            reasons.isEmpty ? 200 : 503,
            ReadinessBody(ready: reasons.isEmpty, reasons: reasons, collectedAt: collection.facts.collectedAt)
        )
    }

    private func json(_ status: Int, _ body: some Encodable) -> HTTPAnswer {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        // Strings, a boolean and dates: there is nothing that JSON has no form for.
        let text = (try? encoder.encode(body)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
        return HTTPAnswer(status: status, contentType: "application/json", body: text + "\n")
    }
}
