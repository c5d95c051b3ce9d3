package import FoundationEssentials
import State

/// The metrics of recyclicd. Pure: the same facts give the same families, with the same labels whatever their values.
package struct DaemonMetrics {
    typealias Label = MetricFamily.Label
    typealias Sample = MetricFamily.Sample

    let facts: CollectedFacts
    let ageSeconds: Double
    let now: Date

    /// All families; without facts, before the first collection, those of the process alone.
    ///
    /// - Parameters:
    ///   - facts: What the last collection found.
    ///   - ageSeconds: How long ago that was.
    ///   - live: What is read at the scrape.
    ///   - now: The time; ages are counted to it.
    package static func families(
        _ facts: CollectedFacts?,
        ageSeconds: Double = 0,
        live: LiveFacts,
        now: Date
    ) -> [MetricFamily] {
        guard let facts else { return process(live) }
        let metrics = DaemonMetrics(facts: facts, ageSeconds: ageSeconds, now: now)
        return metrics.health() + metrics.backups() + metrics.repository() + metrics.proofs() + metrics.database()
            + pool(live.pool) + metrics.work() + alerts(live.alerts) + process(live)
    }

    static func family(_ name: String, _ help: String, _ samples: [Sample]) -> MetricFamily {
        MetricFamily("recyclic_\(name)", .gauge, help, samples)
    }

    static func family(_ name: String, _ help: String, _ value: Double?) -> MetricFamily {
        family(name, help, value.map { [Sample($0)] } ?? [])
    }

    private static func counter(_ name: String, _ help: String, _ value: Double) -> MetricFamily {
        MetricFamily("recyclic_\(name)", .counter, help, [Sample(value)])
    }

    // MARK: - Health

    private func health() -> [MetricFamily] {
        let report = facts.health(now: now, ageSeconds: ageSeconds)
        let worst = report.reasons.reduce(into: [HealthReasonCode: HealthLevel]()) { worst, reason in
            worst[reason.code] = max(worst[reason.code] ?? .ok, reason.level)
        }
        let exposure: Double? =
            switch facts.exposure(now: now).databaseDamaged {
            case .seconds(let seconds): seconds
            case .everything: .infinity
            case .unknown(let bound): bound
            }
        return [
            Self.family(
                "health",
                "Health of the protection: 1 for the level it is at, 0 for the others.",
                HealthLevel.allCases.map { Sample($0 == report.level ? 1 : 0, [Label("level", $0.rawValue)]) }
            ),
            Self.family(
                "health_reason",
                "What is wrong: 0 nothing, 1 a warning, 2 critical.",
                HealthReasonCode.allCases.map { code in
                    let level = worst[code] ?? .ok
                    return Sample(level == .ok ? 0 : level == .warning ? 1 : 2, [Label("code", code.rawValue)])
                }
            ),
            Self.family(
                "exposure_seconds",
                "Data that would be lost if the database were damaged now, in seconds; +Inf for all of it.",
                exposure
            ),
            Self.family(
                "collector_last_run_timestamp_seconds",
                "When these figures were collected last.",
                facts.collectedAt.timeIntervalSince1970
            ),
            Self.family(
                "collector_duration_seconds",
                "How long the last collection took.",
                facts.collectionSeconds
            ),
        ]
    }

    // MARK: - The server

    private func database() -> [MetricFamily] {
        [
            Self.family(
                "database_up",
                "Whether the database answered: 1 or 0.",
                facts.measurements.databaseTrouble == nil ? 1 : 0
            ),
            Self.family(
                "database_info",
                "The server's version.",
                facts.serverVersion.map { [Sample(1, [Label("version", $0)])] } ?? []
            ),
            Self.family(
                "database_size_bytes",
                "Size of the server's databases that could be asked.",
                facts.databaseBytes.map(Double.init)
            ),
        ]
    }

    private static func pool(_ pool: LiveFacts.Pool) -> [MetricFamily] {
        [
            family(
                "pool_connections",
                "Connections to the server by what they do.",
                [("idle", pool.idle), ("leased", pool.leased), ("connecting", pool.connecting)].map {
                    Sample(Double($0.1), [Label("state", $0.0)])
                }
            ),
            family("pool_max_connections", "Connections to the server at most.", Double(pool.maximum)),
            family("pool_waiting", "Those who wait for a connection.", Double(pool.waiting)),
            counter("pool_opened_total", "Connections opened.", Double(pool.opened)),
            counter("pool_failures_total", "Attempts to connect that failed.", Double(pool.failures)),
            counter("pool_leases_total", "Connections lent.", Double(pool.leases)),
            counter("pool_waits_total", "Connections lent only after a wait.", Double(pool.waits)),
            counter("pool_wait_seconds_total", "Time waited for connections.", pool.waitSeconds),
            counter("pool_wait_timeouts_total", "Waits that were given up.", Double(pool.waitTimeouts)),
        ]
    }

    // MARK: - Work

    private func work() -> [MetricFamily] {
        [
            Self.family(
                "next_run_timestamp_seconds",
                "When a schedule is due next.",
                facts.nextRuns.map { Sample($0.at.timeIntervalSince1970, [Label("schedule", $0.name)]) }
            ),
            Self.family(
                "jobs",
                "Jobs that the daemon remembers, by kind and state.",
                JobKind.allCases.flatMap { kind in
                    JobState.allCases.map { state in
                        Sample(
                            Double(facts.jobs[kind]?[state] ?? 0),
                            [Label("kind", kind.rawValue), Label("state", state.rawValue)]
                        )
                    }
                }
            ),
        ]
    }

    // MARK: - Alerts

    private static func alerts(_ alerts: LiveFacts.Alerts?) -> [MetricFamily] {
        guard let alerts else { return [] }
        return [
            family(
                "alerts",
                "Problems that people are or will be told of, by state and level.",
                alerts.open.map { Sample(Double($0.count), [Label("state", $0.state), Label("level", $0.level)]) }
            ),
            family("alert_messages_waiting", "Messages that wait for a recipient.", Double(alerts.waiting)),
            MetricFamily(
                "recyclic_alert_deliveries_total",
                .counter,
                "Attempts to deliver a message, by channel and what came of them.",
                alerts.deliveries.map {
                    Sample(Double($0.count), [Label("channel", $0.channel), Label("outcome", $0.outcome)])
                }
            ),
        ]
    }

    private static func process(_ live: LiveFacts) -> [MetricFamily] {
        let usage = live.process
        return [
            family("build_info", "The version of recyclicd.", [Sample(1, [Label("version", live.version)])]),
            MetricFamily(
                "process_start_time_seconds",
                .gauge,
                "When the process was started.",
                [Sample(live.startedAt.timeIntervalSince1970)]
            ),
            MetricFamily(
                "process_cpu_seconds_total",
                .counter,
                "Processor time used.",
                usage.map { [Sample($0.cpuSeconds)] } ?? []
            ),
            MetricFamily(
                "process_resident_memory_bytes",
                .gauge,
                "Memory used.",
                usage.map { [Sample(Double($0.residentBytes))] } ?? []
            ),
        ]
    }
}
