import ControlAPI
import Glibc
import Varlink

/// Shows a job's progress while waiting for it: a redrawn line on a terminal, plain lines elsewhere, nothing with
/// `--json`.
final class JobFollower {
    private let terminal: Terminal
    private let isQuiet: Bool
    private var lastPhase: String?
    private var lastTenth = -1
    private var lastPrint = 0.0
    private var announced = false
    private var drawn = false

    init(terminal: Terminal, isQuiet: Bool) {
        self.terminal = terminal
        self.isQuiet = isQuiet
    }

    /// Takes the job's newest state.
    func show(_ job: Job, now: Double) {
        guard !isQuiet else { return }
        announce(job)
        guard job.state == "running" || job.state == "queued" else { return }
        let line = JobView(job: job, terminal: .plain, now: now).line
        if terminal.isInteractive {
            let fitting = String(line.prefix(max(20, terminal.width - 1)))
            write("\r\u{1B}[2K\(fitting)", to: STDOUT_FILENO)
            drawn = true
            return
        }
        let tenth = Int((job.percent ?? 0) / 10)
        let isNews = job.phase != lastPhase || (job.percent != nil && tenth > lastTenth)
        guard isNews || now - lastPrint >= 30 else { return }
        lastPhase = job.phase
        lastTenth = tenth
        lastPrint = now
        writeLine(line)
    }

    /// Ends the progress line, so that the result starts on one of its own.
    func finish() {
        if drawn { write("\r\u{1B}[2K", to: STDOUT_FILENO) }
        drawn = false
        signal(SIGINT, SIG_DFL)
    }

    private func announce(_ job: Job) {
        guard !announced else { return }
        announced = true
        guard terminal.isInteractive else { return }
        writeLine("\(job.id): Ctrl-C leaves it running; recyclicctl jobs cancel \(job.id) stops it")
        signal(SIGINT) { _ in
            // Only calls that are safe in a signal handler (signal-safety(7)).
            let text: StaticString = "\nthe job goes on: recyclicctl jobs list\n"
            _ = Glibc.write(STDOUT_FILENO, text.utf8Start, text.utf8CodeUnitCount)
            _exit(130)
        }
    }
}
