import Blocking
import Glibc

extension ProgressMeter {
    /// Waits until a job enters a phase, or has had time enough on the slowest machine: what the test expects then fails.
    func waitForPhase(_ phase: String) {
        let deadline = ContinuousClock.now + .seconds(60)
        while snapshot.phase != phase, ContinuousClock.now < deadline { usleep(500) }
    }
}
