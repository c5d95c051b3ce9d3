import ArgumentParser

/// Stores streams as the daemon stores dumps, without a server and a daemon around it.
@main
struct DumpBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dump-bench",
        abstract: "Store a stream as a dump is stored, read it back, and time the cutting alone.",
        subcommands: [StoreCommand.self, CopyCommand.self, CutCommand.self]
    )
}
