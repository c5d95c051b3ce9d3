package import Blocking
import Glibc

/// Writes all files of a backup below a folder.
///
/// Whole chunks are written first, then deltas step by step, each taking its base from the place of the file where it
/// was written just before. Every frame is read once for all places that need it, packs are read forwards, and every
/// chunk is checked against its id before it is written. A damaged frame is replaced by another copy of its chunk if
/// there is one. Memory does not grow with the backup.
///
/// Its calls block; make them on a thread of their own. On any error the folder holds part of the files: the caller
/// removes it.
package struct Extractor {
    private let repository: Repository
    private let manifest: BackupManifest
    private let index: ChunkIndex
    private let workers: Int
    private let cancellation: CancellationFlag
    private let progress: ProgressMeter

    /// - Parameters:
    ///   - repository: The repository; the caller holds its reader's lock as long as it uses the extractor.
    ///   - manifest: The backup.
    ///   - index: The open index.
    ///   - workers: How many threads decode; at least 1.
    ///   - cancellation: Ends the work.
    ///   - progress: Gets the phases `planning`, `restoring` and `syncing`.
    package init(
        repository: Repository,
        manifest: BackupManifest,
        index: ChunkIndex,
        workers: Int = 2,
        cancellation: CancellationFlag,
        progress: ProgressMeter
    ) {
        self.repository = repository
        self.manifest = manifest
        self.index = index
        self.workers = max(1, workers)
        self.cancellation = cancellation
        self.progress = progress
    }

    /// The file table, for looking at it before (or instead of) extracting.
    package func table() throws -> FileTableReader {
        try FileTableReader(root: manifest.table.root, source: chunkReader())
    }

    /// Writes all files.
    ///
    /// - Parameters:
    ///   - layout: Where they go.
    ///   - scratch: An existing, empty folder for sorted runs, about 100 bytes per chunk; its contents are of no use
    ///     afterwards, and the caller removes it.
    /// - Throws: ``RepositoryError``, naming file, chunk and pack when something is damaged; `CancellationError`.
    package func extract(_ layout: ExtractionLayout, scratch: String) throws -> ExtractionSummary {
        progress.enter("planning", bytesTotal: manifest.table.bytes)
        var planner = try ExtractionPlanner(
            index: index,
            reader: table(),
            layout: layout,
            scratch: scratch,
            cancellation: cancellation
        )
        let plan = try planner.plan()
        progress.enter("restoring", bytesTotal: plan.summary.bytes)
        try perform(plan)
        for file in plan.oversized {
            try TargetFile.open(plan.paths.path(file.file), O_RDWR).truncate(to: file.size)
        }
        return plan.summary
    }

    private func chunkReader() throws -> ChunkReader {
        try ChunkReader(store: repository.store, index: index)
    }

    /// Hands the sorted uses to threads, one step after another: a delta's base must be in its file before.
    private func perform(_ plan: ExtractionPlan) throws {
        let fallback = try ChunkFallback(reader: chunkReader())
        let shared = ExtractionWorker.Plan(paths: plan.paths, packs: plan.packs)
        var step: (level: UInt8, crew: ExtractionCrew)?
        var run: FrameRun?
        defer { step?.crew.abandon() }
        let uses = try plan.uses.finish()
        while let record = try uses.next() {
            let use = FrameUse(record)
            if run?.append(use) == true { continue }
            if let finished = run { try step?.crew.perform(finished) }
            run = FrameRun(use)
            if step?.level != use.level {
                try step?.crew.finish()
                let crew = ExtractionCrew(count: workers) { [repository, cancellation, progress] in
                    try ExtractionWorker(
                        store: repository.store,
                        plan: shared,
                        fallback: fallback,
                        cancellation: cancellation,
                        progress: progress
                    )
                }
                step = (use.level, crew)
            }
        }
        if let run { try step?.crew.perform(run) }
        try step?.crew.finish()
    }
}
