/// A dump that was restored; the keys are those of `--json`.
package struct DumpRestoreResult: Codable, Sendable, Hashable {
    /// What was to be done.
    package var preview: DumpRestorePreview
    /// How long it took.
    package var durationSeconds: Double
    /// The dump that was taken of the database before it was replaced.
    package var savedAs: String?
    /// The name that the database before it has now.
    package var keptAs: String?
    /// What could not be done, but does not matter to the data.
    package var notes: [String]
}
