import ControlAPI
import Testing

@testable import recyclicctl

@Suite struct StatusViewTests {
    private static let now = 1_795_312_800.0  // 2026-11-22T02:00:00Z

    private static func status(health: String = "ok", reasons: [Reason] = []) -> GetStatus.Output {
        GetStatus.Output(
            health: health,
            reasons: reasons,
            instance: "shop",
            version: "0.1.0",
            generatedAt: "2026-11-22T02:00:00Z",
            startedAt: "2026-11-20T02:00:00Z",
            databaseDamaged: Exposure(state: "seconds", seconds: 11_520, basis: "since the last backup"),
            machineLost: Exposure(state: "everything", basis: "no copy on another machine"),
            server: ServerState(address: "/run/postgresql", database: "recyclic", reachable: true, version: "15.20"),
            repository: RepositoryState(path: "/srv/backups", backups: 0, freeBytes: 1 << 30),
            pool: PoolState(total: 1, idle: 1, leased: 0, waiting: 0, created: 1, closed: 0, failures: 0, timeouts: 0),
            nextRuns: [NextRun(kind: "backup", at: "2026-11-22T03:00:00Z", timeZone: "Europe/Paris")],
            jobs: []
        )
    }

    private func text(_ status: GetStatus.Output, _ terminal: Terminal = .plain) -> String {
        StatusView(status: status, terminal: terminal, now: Self.now).lines.joined(separator: "\n")
    }

    @Test("a good status says so in its first line, and what would be lost in the next ones")
    func good() {
        let text = text(Self.status())
        #expect(text.hasPrefix("shop: OK"))
        #expect(text.contains("If the database is damaged  3 h 12 min of data lost (since the last backup)"))
        #expect(text.contains("If this machine is lost     everything lost (no copy on another machine)"))
        #expect(text.contains("Last backup                 never"))
        #expect(text.contains("Next backup                 in 1 h"))
    }

    @Test("each reason is shown with its level in words, its time and what to do")
    func reasons() {
        let reason = Reason(
            code: "backupAge",
            level: "critical",
            message: "the last backup is 30 h old",
            since: "2026-11-21T01:00:00Z",
            hint: "recyclicctl trigger-backup"
        )
        let text = text(Self.status(health: "critical", reasons: [reason]))
        #expect(text.hasPrefix("shop: CRITICAL"))
        #expect(text.contains("critical  the last backup is 30 h old (since "))
        #expect(text.contains("→ recyclicctl trigger-backup"))
    }

    @Test(
        "what only the daemon's memory tells is not known while that can't be read, which is another thing than never"
    )
    func unreadable() {
        let reason = Reason(code: Reason.stateUnreadable, level: "critical", message: "it can't be read")
        let text = text(Self.status(health: "critical", reasons: [reason]))
        #expect(text.contains("Last verify                 not known now"), "\(text)")
        #expect(
            text.contains("Last drill                  not known now") && text.contains("backup                 never")
        )
        #expect(self.text(Self.status()).contains("Last verify                 never"))
    }

    @Test("colour is used on a terminal only, and takes no word away")
    func color() {
        let colored = text(Self.status(), Terminal(isInteractive: true, usesColor: true, width: 80))
        #expect(colored.contains("\u{1B}[32mOK\u{1B}[0m"))
        #expect(!text(Self.status()).contains("\u{1B}"))
    }
}
