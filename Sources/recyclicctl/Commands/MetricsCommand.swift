import ArgumentParser
import ControlAPI
import Glibc

struct MetricsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics",
        abstract: "Print the metrics that the daemon serves to Prometheus.",
        discussion: "They come over the control socket, so that HTTP_LISTEN may be none."
    )

    @OptionGroup var options: ConnectionOptions

    func run() throws {
        let output = try Daemon(options).call(GetMetrics.self, .init())
        if options.json {
            try printAnswer(output, options) { _, _, _ in [] }
        } else {
            write(output.text, to: STDOUT_FILENO)
        }
    }
}
