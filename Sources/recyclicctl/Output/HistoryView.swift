import ControlAPI

/// How the history is shown: a line for each hour or day, and bars below.
enum HistoryView {
    static func lines(_ history: GetHistory.Output, terminal: Terminal) -> [String] {
        guard !history.buckets.isEmpty else {
            return [
                "nothing was measured between \(TimeText.local(history.since)) and \(TimeText.local(history.until))"
            ]
        }
        let isByDay = history.by == "day"
        var table = Table([
            (isByDay ? "DAY" : "HOUR", .left), ("HEALTH", .left), ("EXPOSED", .right), ("BACKUPS", .right),
            ("REPOSITORY", .right), ("FREE", .right), ("DATABASE", .right), ("MEMORY", .right), ("CPU", .right),
        ])
        for bucket in history.buckets {
            table.add([
                String(TimeText.local(bucket.from).prefix(isByDay ? 10 : 16)), health(bucket), exposure(bucket),
                bucket.backups.map(SizeText.grouped) ?? "?", bucket.repositoryBytes.map(SizeText.size) ?? "?",
                bucket.freeMinimumBytes.map(SizeText.size) ?? "?", reachable(bucket),
                bucket.residentMaximumBytes.map(SizeText.size) ?? "?", processor(bucket),
            ])
        }
        return table.lines + bars(history.buckets, width: max(20, terminal.width - 12)) + [
            "",
            "EXPOSED is the most data that would have been lost with the database, FREE the least free space, "
                + "DATABASE how much of the time it answered.",
        ]
    }

    /// The worst level, and how long it was at that if not all the time.
    private static func health(_ bucket: HistoryBucket) -> String {
        let seconds =
            switch bucket.worstHealth {
            case "ok": bucket.okSeconds
            case "warning": bucket.warningSeconds
            default: bucket.criticalSeconds
            }
        let isAll = seconds >= bucket.observedSeconds * 0.995
        return bucket.worstHealth + (isAll ? "" : " for \(TimeText.duration(seconds))")
    }

    private static func exposure(_ bucket: HistoryBucket) -> String {
        if bucket.everythingExposed { return "everything" }
        return bucket.exposureMaximumSeconds.map(TimeText.duration) ?? "?"
    }

    private static func reachable(_ bucket: HistoryBucket) -> String {
        guard bucket.observedSeconds > 0 else { return "?" }
        let share = bucket.databaseReachableSeconds / bucket.observedSeconds * 100
        // Rounding must not hide a short time in which it did not answer.
        return share >= 100 ? "100 %" : "\(SizeText.fixed(min(share, 99.9), decimals: 1)) %"
    }

    private static func processor(_ bucket: HistoryBucket) -> String {
        guard let seconds = bucket.cpuSeconds, bucket.observedSeconds > 0 else { return "?" }
        return "\(SizeText.fixed(seconds / bucket.observedSeconds * 100, decimals: 2)) %"
    }

    private static func bars(_ buckets: [HistoryBucket], width: Int) -> [String] {
        guard buckets.count > 2 else { return [] }
        let rows: [(String, [Double?])] = [
            ("exposed", buckets.map { $0.everythingExposed ? .infinity : $0.exposureMaximumSeconds }),
            ("repository", buckets.map { $0.repositoryBytes.map(Double.init) }),
            ("free", buckets.map { $0.freeMinimumBytes.map(Double.init) }),
        ]
        return [""] + rows.map { "\($0.0.padded(to: 10))  \(Sparkline.text($0.1, width: width))" }
    }
}
