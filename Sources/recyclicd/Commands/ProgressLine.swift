import Blocking
import Foundation
import Monitoring
import Synchronization

/// Shows a meter while blocking work runs: a redrawn line on a terminal, a line per phase elsewhere.
final class ProgressLine: Sendable {
    private let stopped = CancellationFlag()
    private let finished = BlockingQueue<Void>(capacity: 1)
    private let isShown: Bool

    init(_ meter: ProgressMeter, isShown: Bool) {
        self.isShown = isShown
        guard isShown else { return }
        let isTerminal = StandardOutput.isTerminal
        startThread("progress") { [stopped, finished] in
            var phase = ""
            while !stopped.isCancelled {
                let (snapshot, seconds) = meter.timedSnapshot
                if isTerminal {
                    StandardOutput.write("\r\u{1B}[2K" + Self.text(snapshot, seconds))
                } else if snapshot.phase != phase {
                    StandardOutput.writeLine(snapshot.phase)
                }
                phase = snapshot.phase
                usleep(200_000)
            }
            if isTerminal { StandardOutput.write("\r\u{1B}[2K") }
            finished.put(())
        }
    }

    /// Clears the line; returns when nothing more is printed.
    func stop() {
        guard isShown, !stopped.isCancelled else { return }
        stopped.cancel()
        _ = finished.take()
    }

    private static func text(_ snapshot: ProgressSnapshot, _ seconds: Double) -> String {
        var parts = [snapshot.phase]
        if let total = snapshot.bytesTotal, total > 0 {
            parts.append("\(min(100, snapshot.bytesDone * 100 / total)) %")
            parts.append("\(HumanText.size(snapshot.bytesDone)) of \(HumanText.size(total))")
        } else if snapshot.bytesDone > 0 {
            parts.append(HumanText.size(snapshot.bytesDone))
        }
        if seconds >= 1, snapshot.bytesDone > 0 {
            parts.append(HumanText.rate(bytesPerSecond: Double(snapshot.bytesDone) / seconds))
        }
        return parts.joined(separator: ", ")
    }
}
