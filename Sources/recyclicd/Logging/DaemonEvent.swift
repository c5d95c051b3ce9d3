import Logging

/// What an operator may want to find, count or be told of: each has a message id, by which the journal finds it
/// (`journalctl MESSAGE_ID=…`) and the catalogue explains it (`journalctl -x`).
///
/// Those that are recorded in the state too (`EventKind`) have the same name here and there. The catalogue is systemd/recyclicd.catalog, with an entry for each. An id once given stays.
enum DaemonEvent: String, CaseIterable {
    case daemonStarted
    case daemonStopped
    case partStuck
    case configurationRefused
    case stateSetAside
    case stateUnusable
    case backupStored
    case backupFailed
    case clusterChanged
    case damageFound
    case drillPassed
    case drillFailed
    case drillCannotJudge
    case retentionHeldBack
    case databaseLost
    case databaseBack
    case diskLow
    case clockJumped
    case alertDeliveryFailed

    /// `MESSAGE_ID=`.
    var messageID: String {
        switch self {
        case .daemonStarted: "b213da5cbfc74e688a4315466b17a5de"
        case .daemonStopped: "4733258f3d4646af9a851a5ede7cd748"
        case .partStuck: "dd8ade2001974971b0da5945a4cd55ca"
        case .configurationRefused: "d586831c6b8e490c975cce31d1152613"
        case .stateSetAside: "31e0a1128cdb46b8af7df9d3fd330441"
        case .stateUnusable: "9d60806cac0c4e2b9303c861a6c71b47"
        case .backupStored: "a4441c545b2444ae929c6d1c0c0cdb15"
        case .backupFailed: "a88535aca19b4c4dadac71d76325e4ea"
        case .clusterChanged: "b8e5e944a34a4ff0835dad474905d618"
        case .damageFound: "f02d9ecd990f49e0a146544998273251"
        case .drillPassed: "2ef8ef9dff864706a84840159b6704bb"
        case .drillFailed: "352d2cc632d54f4580e7fe82d107e443"
        case .drillCannotJudge: "3f25f81cee0544e5b2870a40ab2a113b"
        case .retentionHeldBack: "835823db793740c095a2bf3320c4217c"
        case .databaseLost: "654ec81e18874f2186fa34eaf41a9075"
        case .databaseBack: "f767cfe86ef34260813dfeb80207eaf1"
        case .diskLow: "9e7ff21d88b6467683279b947bd3475b"
        case .clockJumped: "523581398b2543fa99e17aef399bb994"
        case .alertDeliveryFailed: "837b9636271c486b9a063590c0f3c638"
        }
    }
}

extension Logger {
    /// Logs an event.
    func log(
        _ event: DaemonEvent,
        level: Level,
        _ message: @autoclosure () -> Message,
        metadata: Metadata = [:],
        file: String = #fileID,
        function: String = #function,
        line: UInt = #line
    ) {
        let named: Metadata = [LogKey.event: "\(event.rawValue)"]
        log(
            level: level,
            message(),
            metadata: metadata.merging(named) { $1 },
            file: file,
            function: function,
            line: line
        )
    }
}
