import FoundationEssentials
import HTTPAPI
import Logging
import Reception
import Synchronization

/// Writes requests for live statistics to the log.
///
/// Dashboards ask every few seconds for months, so of one user's requests with one outcome the first is told and then one every ten
/// minutes, with the number of those meanwhile; at debug each is.
final class ReceptionJournal: Sendable {
    private let logger: Logger
    private let digest = Mutex(RequestDigest<String>(period: .seconds(600), capacity: 256))
    private let clock: @Sendable () -> Duration

    init(logger: Logger, clock: @escaping @Sendable () -> Duration = MonotonicTime.sinceStart) {
        self.logger = logger
        self.clock = clock
    }

    func record(_ access: ReceptionAccess) {
        let user = access.user.map { $0.uuidString.lowercased() }
        let now = clock()
        let requests = digest.withLock { $0.note("\(user ?? "\(access.peer)") \(access.outcome)", at: now) }
        var fields: Logger.Metadata = [
            LogKey.peer: "\(access.peer)", LogKey.outcome: "\(access.outcome)", LogKey.status: "\(access.status)",
            LogKey.durationSeconds: "\((access.seconds * 1e6).rounded() / 1e6)",
        ]
        if let user { fields[LogKey.user] = "\(user)" }
        if let requests, requests > 1 { fields[LogKey.requests] = "\(requests)" }
        logger.log(level: requests == nil ? .debug : .info, "live stats", metadata: fields)
    }
}
