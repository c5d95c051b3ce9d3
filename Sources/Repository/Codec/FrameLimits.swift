/// Bounds on what a frame may claim, so that a damaged directory or index can't make a reader allocate without end.
package enum FrameLimits {
    /// The longest chunk in bytes. Files are cut far below that; the root of a file table is longer when there are many files.
    package static let chunkBytes = 16 << 20

    /// The longest frame in bytes: no codec makes a chunk longer by more than a 64th and some bytes.
    package static let frameBytes = chunkBytes + chunkBytes / 64 + 1024
}
