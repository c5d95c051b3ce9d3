import ArgumentParser
import ControlAPI

struct HistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Show how health, exposure and space went, by hour or day.",
        discussion: """
            The daemon keeps what it measures each minute for two days, and each hour for a year. Hours and days are \
            those of its time zone, BACKUP_TIMEZONE.
            """
    )

    @Option(help: "How many days to look back.")
    var days: Int?

    @OptionGroup var period: PeriodOptions

    @Option(help: "The length of a line: hour or day; by default hours for up to two days, days for more.")
    var by: String?

    @OptionGroup var options: ConnectionOptions

    func validate() throws {
        if let days {
            guard (1...400).contains(days) else { throw ValidationError("--days takes 1 to 400, not \(days)") }
            guard period.since == nil else {
                throw ValidationError("give --days or --since, not both")
            }
        }
        if let by, !["hour", "day"].contains(by) { throw ValidationError("--by takes hour or day, not '\(by)'") }
    }

    func run() throws {
        let now = currentTime()
        let times = try period.times(now: now)
        let since = times.since?.text ?? TimeText.rfc3339(now - Double(days ?? 7) * 86_400)
        let input = GetHistory.Input(since: since, until: times.until?.text, by: by)
        let output = try Daemon(options).call(GetHistory.self, input)
        try printAnswer(output, options) { output, terminal, _ in HistoryView.lines(output, terminal: terminal) }
    }
}
