import CLibpq

/// Keeps what libpq's notice receiver gets: the first ``limit`` notices, and how many more came.
///
/// It is used by the thread that calls libpq only: libpq calls the receiver inside its own calls.
final class NoticeCollector {
    /// How many notices are kept; a base backup of a damaged cluster may bring five for each file.
    static let limit = 1000

    private(set) var notices: [Notice] = []
    private(set) var droppedCount = 0

    /// Makes `connection` report here. The collector must outlive the connection.
    func attach(to connection: OpaquePointer) {
        PQsetNoticeReceiver(
            connection,
            { collector, result in
                guard let collector, let result else { return }
                Unmanaged<NoticeCollector>.fromOpaque(collector).takeUnretainedValue()
                    .add(ResultStorage.notice(in: result))
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
    }

    /// Gives what came since the last call, and forgets it.
    func take() -> [Notice] {
        defer {
            notices = []
            droppedCount = 0
        }
        return notices
    }

    private func add(_ notice: Notice) {
        if notices.count < Self.limit {
            notices.append(notice)
        } else {
            droppedCount += 1
        }
    }
}
