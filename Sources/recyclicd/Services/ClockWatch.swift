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
    private static let interval = Duration.seconds(10)
    /// How often the last reading is written down, so that the next start can tell what happened meanwhile.
    private static let savingInterval = Duration.seconds(600)

    let state: StateStore
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var last = try? await state.value(.clockMark)
            var savedAt: ContinuousClock.Instant?
            while !Task.isCancelled {
                let mark = ClockMark.now()
                do {
                    if let mark { try await compare(mark, with: last) }
                    if let mark, savedAt.map({ $0.duration(to: .now) >= Self.savingInterval }) ?? true {
                        try await state.set(.clockMark, to: mark)
                        savedAt = .now
                    }
                    last = mark
                } catch {
                    logger.debug("the clock could not be noted, will retry", metadata: [LogKey.error: "\(error)"])
                }
                try? await Task.sleep(for: Self.interval)
            }
        }
    }

    private func compare(_ mark: ClockMark, with last: ClockMark?) async throws {
        guard let last, let seconds = mark.jump(since: last), abs(seconds) >= Self.minimumSeconds else { return }
        let message = "the clock was set \(seconds < 0 ? "back" : "forward") by \(HumanText.duration(abs(seconds)))"
        logger.warning("\(message)")
        try await state.set(.clockJump, to: ClockJump(noticedAt: mark.wallTime, seconds: seconds))
        try await state.set(.clockMark, to: mark)
        try await state.recordEvent("clockJumped", severity: .warning, message: message, at: mark.wallTime)
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
