package import Monitoring
package import Reception

/// The metrics of the statistics, under the application's names.
package enum ReceptionMetrics {
    /// All of them, or none while the statistics are off.
    package static func families(_ service: ReceptionService) -> [MetricFamily] {
        service.isOn ? families(service.meter.counts) : []
    }

    static func families(_ counts: ReceptionMeter.Counts) -> [MetricFamily] {
        [
            MetricFamily(
                "reception_live_stats_requests_total",
                .counter,
                "Requests for live reception statistics.",
                [.init(Double(counts.requests))]
            ),
            MetricFamily(
                "reception_live_stats_errors_total",
                .counter,
                "Requests for live reception statistics that got none.",
                [.init(Double(counts.errors))]
            ),
            .histogram(
                "reception_live_stats_duration_seconds",
                "How long requests for live reception statistics took, those that failed included.",
                buckets: zip(ReceptionMeter.bounds, counts.buckets).map { (bound: $0, count: $1) },
                count: counts.requests,
                sum: counts.seconds
            ),
        ]
    }
}
