import Foundation
import Logging
import State
import Testing

@testable import recyclicd

/// The events and their catalogue.
@Suite
struct DaemonEventTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The catalogue's entries by message id.
    private static func catalogue() throws -> [String: String] {
        let text = try String(contentsOf: root.appending(path: "systemd/recyclicd.catalog"), encoding: .utf8)
        let entries = text.split(separator: "\n-- ").dropFirst().map { entry in
            (String(entry.prefix(32)), String(entry.dropFirst(32)))
        }
        return try #require(
            entries.count == Set(entries.map(\.0)).count ? Dictionary(uniqueKeysWithValues: entries) : nil
        )
    }

    @Test
    func `each event has an id of its own and an entry in the catalogue, and no entry is left over`() throws {
        let ids = DaemonEvent.allCases.map(\.messageID)
        #expect(ids.allSatisfy { $0.count == 32 && $0.allSatisfy { $0.isHexDigit && !$0.isUppercase } })
        #expect(try Self.catalogue().keys.sorted() == ids.sorted())
    }

    @Test(arguments: DaemonEvent.allCases)
    func `each entry says what happened and what to run`(event: DaemonEvent) throws {
        let entry = try #require(try Self.catalogue()[event.messageID])
        #expect(entry.hasPrefix("\nSubject: "))
        #expect(entry.contains("\nDefined-By: recyclicd\n"))
        let body = entry.split(separator: "\n\n", maxSplits: 1).last ?? ""
        let commands = ["recyclicctl ", "recyclicd ", "systemctl ", "timedatectl", "df -h", "dmesg"]
        #expect(commands.contains { body.contains($0) }, "\(body)")
    }

    private static let failure = JobFailure(code: "diskFull", message: "the disk is full", hint: "make room")

    @Test(
        arguments: [
            (.backup, .succeeded(result: nil), nil, .debug),
            (.backup, .failed(failure, result: nil), .backupFailed, .error),
            (.backup, .cancelled(), nil, .notice),
            (.dump, .failed(failure, result: nil), .backupFailed, .error),
            (.dump, .succeeded(result: nil), nil, .debug),
            (.verify, .succeeded(result: nil), nil, .info),
            (.verify, .failed(failure, result: nil), nil, .error),
            (
                .verify, .failed(JobFailure(code: "damageFound", message: "", hint: nil), result: nil), .damageFound,
                .error
            ),
            (.drill, .succeeded(result: nil), .drillPassed, .notice),
            (
                .drill, .failed(JobFailure(code: "drillFailed", message: "", hint: nil), result: nil), .drillFailed,
                .error
            ),
            (
                .drill, .failed(JobFailure(code: "drillCannotJudge", message: "", hint: nil), result: nil),
                .drillCannotJudge, .warning
            ),
            (
                .retention, .failed(JobFailure(code: "retentionHeldBack", message: "", hint: nil), result: nil),
                .retentionHeldBack, .error
            ),
            (.retention, .succeeded(result: nil), nil, .debug),
        ] as [(JobKind, JobOutcome, DaemonEvent?, Logger.Level)]
    )
    func `a job's end is the event that it is, as loud as it deserves`(
        kind: JobKind,
        outcome: JobOutcome,
        event: DaemonEvent?,
        level: Logger.Level
    ) {
        let ended = EndedJob(kind: kind, outcome: outcome, requestedBy: "schedule")
        #expect(ended.event == event)
        #expect(ended.level == level)
    }
}
