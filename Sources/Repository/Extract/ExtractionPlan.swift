/// What an extraction will do, and the files it made room for.
struct ExtractionPlan {
    /// The uses of frames, to be sorted.
    let uses: ExternalSorter
    /// The paths of the files, by number.
    let paths: PathSpool.Reader
    /// The packs, by number.
    let packs: [Digest]
    /// Files that are longer for a while than in the end, with their sizes.
    let oversized: [(file: UInt32, size: Int64)]
    /// What was made so far.
    let summary: ExtractionSummary
}
