import Glibc
import Monitoring

/// Reads what this process uses.
enum ProcessMeter {
    static func read() -> ProcessUsage? {
        var used = timespec()
        guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) == 0, let resident = residentBytes() else { return nil }
        return ProcessUsage(
            cpuSeconds: Double(used.tv_sec) + Double(used.tv_nsec) / 1_000_000_000,
            residentBytes: resident
        )
    }

    private static func residentBytes() -> Int64? {
        let file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var text = [UInt8](repeating: 0, count: 128)
        let count = Glibc.read(file, &text, text.count)
        guard count > 0 else { return nil }
        return ProcessUsage.residentBytes(
            statm: String(decoding: text.prefix(count), as: UTF8.self),
            pageBytes: sysconf(Int32(_SC_PAGESIZE))
        )
    }
}
