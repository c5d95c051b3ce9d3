import Glibc
import Varlink

/// Seconds since 1970.
func currentTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// Prints a reply as JSON, or as the lines that `text` makes of it.
func printAnswer<Output: Encodable>(
    _ output: Output,
    _ options: ConnectionOptions,
    text: (Output, Terminal, Double) -> [String]
) throws {
    if options.json {
        writeLine(try JSONValue(encoding: output).prettyDescription)
    } else {
        write(text(output, .current(), currentTime()).map { $0 + "\n" }.joined(), to: STDOUT_FILENO)
    }
}
