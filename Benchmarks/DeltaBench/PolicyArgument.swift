import ArgumentParser
import Repository

/// A delta policy on the command line: `DEPTH:FRACTION:JITTER`, or `whole` for none.
struct PolicyArgument: ExpressibleByArgument {
    let name: String
    let policy: DeltaPolicy

    init?(argument: String) {
        name = argument
        if argument == "whole" {
            policy = .whole
            return
        }
        let parts = argument.split(separator: ":")
        guard parts.count == 3, let depth = Int(parts[0]), (1...15).contains(depth), let fraction = Double(parts[1]),
            let jitter = Double(parts[2]), fraction > 0, (0...1).contains(jitter)
        else { return nil }
        policy = DeltaPolicy(maxDepth: depth, maxFraction: fraction, jitter: jitter)
    }
}
