import FoundationEssentials
import Glibc
import Logging
import Monitoring
import ServiceLifecycle
import State

/// Notices when the wall clock is set, by the clock that counts since boot, and remembers the last time.
struct ClockWatch: Service {
    /// A clock that is off by less contradicts nothing.
    private static let minimumSeconds = 300.0
    /// How often the last reading is written down, so that the next start can tell what happened meanwhile.
    private static let savingInterval = Duration.seconds(600)

    let state: StateStore
    let events: EventRecorder
    let logger: Logger
    /// How often the clock is looked at.
    var interval = Duration.seconds(10)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var last = try? await state.value(.clockMark)
            var savedAt: ContinuousClock.Instant?
            var unrecorded: ClockJump?
            while !Task.isCancelled {
                if let mark = ClockMark.now() {
                    if let jump = Self.jump(to: mark, since: last) {
                        logger.log(.clockJumped, level: .warning, "\(Self.message(jump))")
                        unrecorded = jump
                    }
                    // It was told; that the state can't be written at the moment must not make it news again.
                    last = mark
                    do {
                        if let jump = unrecorded {
                            try await record(jump, mark)
                            unrecorded = nil
                        }
                        if savedAt.map({ $0.duration(to: .now) >= Self.savingInterval }) ?? true {
                            try await state.set(.clockMark, to: mark)
                            savedAt = .now
                        }
                    } catch {
                        logger.debug("the clock could not be noted, will retry", metadata: [LogKey.error: "\(error)"])
                    }
                }
                try? await Task.sleep(for: interval)
            }
        }
    }

    private static func jump(to mark: ClockMark, since last: ClockMark?) -> ClockJump? {
        guard let last, let seconds = mark.jump(since: last), abs(seconds) >= minimumSeconds else { return nil }
        return ClockJump(noticedAt: mark.wallTime, seconds: seconds)
    }

    private static func message(_ jump: ClockJump) -> String {
        let amount = HumanText.duration(abs(jump.seconds))
        return "the clock was set \(jump.seconds < 0 ? "back" : "forward") by \(amount)"
    }

    private func record(_ jump: ClockJump, _ mark: ClockMark) async throws {
        try await state.set(.clockJump, to: jump)
        try await state.set(.clockMark, to: mark)
        await events.record(EventDraft(.clockJumped, .warning, Self.message(jump)), at: jump.noticedAt)
    }
}

extension ClockMark {
    /// Reads both clocks; `nil` when the kernel does not tell them.
    static func now() -> ClockMark? {
        var sinceBoot = timespec()
        var boot = [UInt8](repeating: 0, count: 64)
        let file = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        let count = read(file, &boot, boot.count)
        guard count > 0, clock_gettime(CLOCK_BOOTTIME, &sinceBoot) == 0 else { return nil }
        return ClockMark(
            wallTime: Date(),
            secondsSinceBoot: Double(sinceBoot.tv_sec) + Double(sinceBoot.tv_nsec) / 1_000_000_000,
            bootID: String(decoding: boot.prefix(count), as: UTF8.self).filter { !$0.isWhitespace }
        )
    }
}
