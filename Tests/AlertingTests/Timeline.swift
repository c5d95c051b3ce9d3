import Alerting
import Foundation
import Monitoring
import State

/// A machine, its clock, and what is wrong; what was told piles up.
struct Timeline {
    static let chief = AlertRecipient(channel: "email", address: "chief@example.org")
    static let deputy = AlertRecipient(channel: "telegram", address: "-100")
    static let start = Date(timeIntervalSince1970: 1_795_000_000)

    var machine = AlertStateMachine()
    var policy = AlertPolicy(primary: [chief], secondary: [deputy])
    var moment = AlertMoment(seconds: 0, date: start)
    /// What is wrong now.
    var reasons: [HealthReason] = []
    /// Whether nothing can be judged, as when the repository can't be read.
    var isBlind = false
    /// Whether after each look there is one at which nothing can be judged.
    var blinks = false
    /// Whether the machine is written down and read back after each event.
    var restarts = false
    private(set) var notices: [(seconds: Double, notice: AlertNotice)] = []
    private(set) var transitions: [AlertTransition] = []
    /// What was told as over while something that takes its place was here.
    private(set) var premature: [String] = []

    static func reason(
        _ code: HealthReasonCode,
        _ level: HealthLevel = .critical,
        isToldOnce: Bool = false
    ) -> HealthReason {
        HealthReason(fact(code), level, isToldOnce: isToldOnce)
    }

    static func fact(_ code: HealthReasonCode) -> HealthFact {
        switch code {
        case .stale: .stale(ageSeconds: 400)
        case .databaseUnreachable: .databaseUnreachable(.init(message: "connection refused"))
        case .diskSpace: .diskSpace(freeBytes: 1 << 20, limitBytes: 1 << 30, stopBytes: 1 << 30)
        case .noBackup: .noBackup(ageSeconds: 60)
        case .verifyFailed: .verifyFailed(.init(objects: 1, backups: 1, kinds: [.chunks]), ageSeconds: 60)
        case .drillFailed: .drillFailed(backupID: "b", ageSeconds: 60, reason: "a table can't be read")
        case .drillCannotJudge: .drillCannotJudge(backupID: "b", ageSeconds: 60, reason: nil)
        case .drillNever: .drillNever
        case .restorablePointAge: .restorablePointAge(backupID: "b", ageSeconds: 30_000, limitSeconds: 21_600)
        case .objectiveMissed: .objectiveMissed(takenSeconds: 20_000, limitSeconds: 14_400, ageSeconds: 60)
        case .retentionBlocked: .retentionBlocked(.init(message: "the clock jumped"))
        case .lastBackupFailed:
            .lastBackupFailed(
                .init(jobID: JobID(number: 7), failedAt: start, message: "the disk is full"),
                ageSeconds: 60,
                standing: .nothing
            )
        case .repositoryUnusable: .repositoryUnusable(.init(message: "it is damaged"))
        case .noRestorableBackup: .noRestorableBackup(count: 3)
        case .backupAge: .backupAge(backupID: "b", ageSeconds: 93_600, limitSeconds: 90_000)
        case .dumpAge: .dumpAge(database: "a", ageSeconds: 900_000, limitSeconds: 691_200, isOnly: false)
        case .dumpIncomplete: .dumpIncomplete(backupID: "b", database: "a")
        case .databaseLeftOut:
            .databaseLeftOut(
                LeftOutDatabases([.init(name: "a", reason: .closed, statement: "ALTER DATABASE \"a\"")]),
                isOnly: true
            )
        case .checksumFindings: .checksumFindings(backupID: "b", count: 3, ageSeconds: 60)
        case .verifyNever: .verifyNever
        case .verifyAge: .verifyAge(ageSeconds: 2e6)
        case .drillAge: .drillAge(ageSeconds: 4e6)
        case .diskFilling: .diskFilling(inSeconds: 90_000)
        case .clockJumped: .clockJumped(seconds: -7200, ageSeconds: 60)
        case .noOffsiteCopy: .noOffsiteCopy
        case .stateNotPersistent: .stateNotPersistent
        case .alertDelivery:
            .alertDelivery(
                [.init(channel: "email", recipient: "a@example.org", since: start, message: "refused")],
                isAnybodyReached: true
            )
        }
    }

    mutating func be(_ reasons: HealthReason...) { self.reasons = reasons }

    /// Lets time go by with a look every few seconds.
    mutating func pass(_ seconds: Double, step: Double = 5) {
        var rest = seconds
        while rest > 0 {
            let part = min(step, rest)
            moment.seconds += part
            moment.date += part
            look()
            rest -= part
        }
    }

    /// Lets time go by in which nobody looks, as while the machine is off or sleeps.
    mutating func sleep(_ seconds: Double) {
        moment.seconds += seconds
        moment.date += seconds
    }

    mutating func look() {
        let blind = HealthReport(reasons: [], unjudged: Set(HealthReasonCode.allCases))
        let report = isBlind ? blind : HealthReport(reasons: reasons)
        take(machine.evaluate(report, policy: policy, at: moment))
        if blinks { take(machine.evaluate(blind, policy: policy, at: moment)) }
    }

    mutating func acknowledge(_ codes: HealthReasonCode...) {
        take(machine.acknowledge(Set(codes), by: "anna", at: moment))
    }

    mutating func silence(_ code: HealthReasonCode?, seconds: Double) {
        take(machine.silence(code, seconds: seconds, reason: "moving", by: "anna", at: moment))
    }

    mutating func unsilence() {
        take(machine.unsilence(Set(machine.book.silences.map(\.id)), by: "anna", at: moment))
    }

    private mutating func take(_ actions: AlertActions) {
        notices += actions.notices.map { (moment.seconds, $0) }
        transitions += actions.transitions
        // What was kept back was over when it was.
        for notice in actions.notices where notice.occasion != .summary {
            premature += notice.resolved.filter { $0.code.successors.contains { machine.book.open[$0] != nil } }
                .map { "\($0.code) at \(moment.seconds)" }
        }
        if restarts { restart() }
    }

    /// Writes the book down and reads it back, as a restart does.
    mutating func restart() {
        do {
            let book = machine.book
            let open = try JSONDecoder().decode([Alert].self, from: JSONEncoder().encode(Array(book.open.values)))
            let silences = try JSONDecoder().decode([Silence].self, from: JSONEncoder().encode(book.silences))
            let memory = try JSONDecoder().decode(AlertBook.Memory.self, from: JSONEncoder().encode(book.memory))
            machine = AlertStateMachine(AlertBook(open: open, silences: silences, memory: memory))
        } catch {
            preconditionFailure("the book can't be written down and read back: \(error)")
        }
    }

    /// What was told since the last call, each in one line.
    mutating func told() -> [String] {
        defer { notices = [] }
        return notices.map { Self.line($0.notice) }
    }

    static func line(_ notice: AlertNotice) -> String {
        let to = notice.recipients.map { $0 == chief ? "chief" : "deputy" }.joined(separator: "+")
        let alerts = notice.problems + notice.resolved
        let what = alerts.map { "\($0.level == .critical ? "!" : "")\($0.code)" }.joined(separator: ",")
        let occasion = notice.occasion == .news ? "" : " \(notice.occasion)"
        return "\(notice.kind)\(occasion) \(what) to \(to)"
    }

    func state(_ code: HealthReasonCode) -> AlertState? { machine.book.open[code].map(machine.book.state) }
}
