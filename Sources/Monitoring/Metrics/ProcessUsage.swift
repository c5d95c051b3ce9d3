/// What this process uses of the machine.
package struct ProcessUsage: Sendable, Hashable {
    /// Processor time since its start, in seconds; that of its children is theirs.
    package var cpuSeconds: Double
    /// Memory, in bytes.
    package var residentBytes: Int64

    package init(cpuSeconds: Double, residentBytes: Int64) {
        self.cpuSeconds = cpuSeconds
        self.residentBytes = residentBytes
    }

    /// Reads `/proc/self/statm`, as the kernel gives it.
    ///
    /// - Parameters:
    ///   - statm: Its text: pages of the program, and of them in memory as the second number.
    ///   - pageBytes: The size of a page.
    package static func residentBytes(statm: String, pageBytes: Int) -> Int64? {
        let fields = statm.split(separator: " ")
        guard fields.count > 1, let pages = Int64(fields[1]) else { return nil }
        return pages * Int64(pageBytes)
    }
}
