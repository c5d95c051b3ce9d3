import Alerting
import Monitoring

extension LiveFacts.Alerts {
    /// The kinds of ways there are.
    private static let channels = ["email", "telegram", "webhook"]

    /// Counts what there is; states, levels, channels and outcomes that nothing is in are 0.
    init(_ overview: AlertOverview) {
        self.init()
        for state in AlertState.allCases where state != .resolved {
            for level in [HealthLevel.warning, .critical] {
                let count = overview.open.count { $0.state == state && $0.alert.level == level }
                open.append((state.rawValue, level.rawValue, count))
            }
        }
        for channel in Self.channels {
            let counts = overview.deliveries[channel] ?? DeliveryCounts()
            deliveries.append((channel, "delivered", counts.delivered))
            deliveries.append((channel, "failed", counts.failed))
            deliveries.append((channel, "refused", counts.refused))
        }
        waiting = overview.recipients.map(\.waiting).reduce(0, +)
    }
}
