import ArgumentParser
import Glibc
import Repository

/// Cuts a file as a stream, and says how fast.
struct CutCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "cut")

    @Argument(help: "The file; it is read into memory first.")
    var file: String

    func run() throws {
        let handle = try OpenFile.open(file, O_RDONLY)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Int(try handle.size()), alignment: 64)
        defer { buffer.deallocate() }
        let count = try handle.read(at: 0, into: buffer)
        let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
        var lengths: [Int] = []
        let start = ContinuousClock.now
        var cutter = StreamCutter(StreamCutting(chunkBytes: RepositoryHeader.standardChunkBytes))
        var (begin, position) = (0, 0)
        while position < count {
            // As large as what a pipe gives.
            let taken = cutter.take(UnsafeRawBufferPointer(rebasing: bytes[position...].prefix(1 << 18)))
            position += taken.count
            guard taken.mark != nil || position == count else { continue }
            lengths.append(position - begin)
            begin = position
        }
        let seconds = start.duration(to: .now) / .seconds(1)
        print(
            "\(Double(count) / seconds / 1e9) GB/s; \(lengths.count) chunks, \(lengths.min() ?? 0) to "
                + "\(lengths.max() ?? 0) bytes, mean \(count / max(1, lengths.count))"
        )
    }
}
