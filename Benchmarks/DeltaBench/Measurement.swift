import Glibc

/// Wall and processor time of something done by this process.
struct Measurement {
    /// Seconds by the clock.
    var wall: Double
    /// Seconds of all threads together, in user mode and in the kernel.
    var processor: Double

    /// Does it, and measures.
    static func measure<Result>(_ body: () throws -> Result) rethrows -> (Result, Measurement) {
        let before = processorSeconds()
        let start = ContinuousClock.now
        let result = try body()
        let wall = start.duration(to: .now) / .seconds(1)
        return (result, Measurement(wall: wall, processor: processorSeconds() - before))
    }

    private static func processorSeconds() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
    }
}
