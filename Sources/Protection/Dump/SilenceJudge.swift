/// Decides whether a program that writes nothing has lost its server, by what the server says of the program's session.
///
/// A silent program may wait for a lock, or the server may read a large index or a large catalogue for it. One look proves
/// nothing, so it takes two in a row. Pure.
struct SilenceJudge {
    /// What the server says of the session.
    enum Sample: Equatable {
        /// It works for the program, waits for a lock, or has asked a moment ago.
        case working
        /// It has waited for its program for longer than it should: to be asked, or to be rid of what it sends.
        case waitingForProgram
        /// It is not there.
        case gone
        /// The server does not answer; why.
        case unknown(String)
    }

    /// What follows.
    enum Verdict: Equatable {
        /// Go on reading; if nothing comes in so long, ask again.
        case goOn(askAgainAfter: Duration)
        /// The program and its session have lost each other; with what was seen, in words.
        case lost(String)
    }

    /// A session ends a moment before its program, which has nothing more to ask.
    private static let endsWithin = Duration.seconds(5)

    /// After how long without a byte one asks.
    let patience: Duration
    private var isSuspicious = false

    init(patience: Duration) {
        self.patience = patience
    }

    /// The program wrote something.
    mutating func heard() {
        isSuspicious = false
    }

    /// Judges one more sample.
    mutating func judge(_ sample: Sample) -> Verdict {
        if case .working = sample {
            isSuspicious = false
            return .goOn(askAgainAfter: patience)
        }
        defer { isSuspicious = true }
        guard isSuspicious else {
            return .goOn(askAgainAfter: sample == .gone ? min(Self.endsWithin, patience) : patience)
        }
        switch sample {
        case .gone: return .lost("where its session is gone")
        case .unknown(let reason): return .lost("which does not answer: \(reason)")
        case .waitingForProgram, .working: return .lost("which waits for it")
        }
    }
}
