import Blocking
import Glibc

/// What one thread of an extraction does: reads a run of frames, decodes each once, checks it against its id and writes
/// it to every place that needs it.
///
/// Not Sendable: its buffers are its own.
final class ExtractionWorker {
    private let store: any ObjectStore
    private let plan: Plan
    private let fallback: ChunkFallback
    private let cancellation: CancellationFlag
    private let progress: ProgressMeter
    private let decoder: FrameDecoder
    private let files = TargetFileCache(capacity: 64)
    private var pack: (number: UInt32, handle: any ObjectHandle)?
    private let span = FrameBuffer(capacity: 1 << 20)
    private let base = FrameBuffer(capacity: 128 << 10)
    private let chunk = FrameBuffer(capacity: 128 << 10)

    /// The parts of the plan that workers read.
    struct Plan: Sendable {
        let paths: PathSpool.Reader
        let packs: [Digest]
    }

    init(
        store: any ObjectStore,
        plan: Plan,
        fallback: ChunkFallback,
        cancellation: CancellationFlag,
        progress: ProgressMeter
    ) throws {
        self.store = store
        self.plan = plan
        self.fallback = fallback
        self.cancellation = cancellation
        self.progress = progress
        decoder = try FrameDecoder()
    }

    /// Does all that a run asks for.
    func perform(_ run: FrameRun) throws {
        let readFailure = read(run)
        var position = 0
        while position < run.uses.count {
            try cancellation.check()
            let first = run.uses[position]
            let sharing = run.uses[position...].prefix { $0.sharesFrame(with: first) }
            position += sharing.count
            // What only serves as a base need not be hashed: the delta that is made of it is, and when that comes out wrong,
            // it is had another way.
            let isCompared = sharing.contains(where: \.isFinal)
            try chunk(of: first, in: run, readFailure: readFailure, isCompared: isCompared)
            for use in sharing {
                let file = try file(use.file)
                try file.write(chunk.bytes, at: use.position)
                if use.isFinal {
                    file.beginSync(at: use.position, count: chunk.count)
                    progress.advance(bytes: Int64(use.rawBytes))
                }
            }
        }
    }

    /// Reads the run's bytes to `span`.
    ///
    /// - Returns: Why that failed: then every chunk of it is looked for elsewhere.
    private func read(_ run: FrameRun) -> (any Error)? {
        do {
            let handle = try handle(ofPack: run.pack)
            try span.fill(capacity: run.byteCount) { buffer in
                let target = UnsafeMutableRawBufferPointer(rebasing: buffer[..<run.byteCount])
                let count = try handle.read(at: Int64(run.start), into: target)
                guard count == run.byteCount else { throw RepositoryError(.damaged, "the pack ends early") }
                return count
            }
            return nil
        } catch {
            return error
        }
    }

    private func handle(ofPack number: UInt32) throws -> any ObjectHandle {
        if let pack, pack.number == number { return pack.handle }
        let handle = try store.open(ObjectName.pack(plan.packs[Int(number)]))
        pack = (number, handle)
        return handle
    }

    /// Brings the chunk of a use to `chunk`: from its frame, else from another copy.
    private func chunk(of use: FrameUse, in run: FrameRun, readFailure: (any Error)?, isCompared: Bool) throws {
        do {
            if let readFailure { throw readFailure }
            guard !use.needsReader else {
                try chunk.copyArray(fallback.read(use.id))
                return
            }
            try decode(use, in: run)
            guard !isCompared || Digest(hashing: chunk.bytes) == use.id else {
                throw RepositoryError(.damaged, "its bytes are not those of the chunk")
            }
        } catch let error as RepositoryError where [.damaged, .notFound, .inputOutput].contains(error.kind) {
            try chunkFromAnotherCopy(use, after: error)
        }
    }

    private func decode(_ use: FrameUse, in run: FrameRun) throws {
        let start = Int(use.offset - run.start)
        let frame = UnsafeRawBufferPointer(rebasing: span.bytes[start..<start + Int(use.storedBytes)])
        let length = Int(use.rawBytes)
        if use.level > 0 {
            try base.fill(capacity: Int(use.baseBytes)) { buffer in
                let target = UnsafeMutableRawBufferPointer(rebasing: buffer[..<Int(use.baseBytes)])
                try file(use.file).read(at: use.position, into: target)
                return target.count
            }
        }
        try chunk.fill(capacity: length) { buffer in
            let target = UnsafeMutableRawBufferPointer(rebasing: buffer[..<length])
            if use.level > 0 {
                try decoder.decodeDelta(frame, base: base.bytes, into: target)
            } else {
                guard let codec = Codec(number: use.codec) else { throw RepositoryError(.damaged, "unknown codec") }
                try decoder.decode(frame, codec: codec, into: target)
            }
            return length
        }
    }

    private func chunkFromAnotherCopy(_ use: FrameUse, after error: RepositoryError) throws {
        do {
            try chunk.copyArray(fallback.read(use.id))
        } catch let second as RepositoryError where second.kind == .damaged || second.kind == .notFound {
            let object = ObjectName.pack(plan.packs[Int(use.pack)])
            // Of a delta the reader knows best what is damaged: it, or one of its bases.
            let reason = use.level > 0 ? second.message : error.message
            throw RepositoryError(
                .damaged,
                "file '\(try file(use.file).path)' can't be restored: its chunk '\(use.id)' in '\(object)' is damaged "
                    + "(\(reason)), and there is no other copy",
                hint: ExtractionPlanner.hint
            )
        }
        guard chunk.count == Int(use.rawBytes) else {
            throw RepositoryError(.damaged, "the chunk '\(use.id)' has another length than its directory says")
        }
    }

    private func file(_ number: UInt32) throws -> TargetFile {
        try files.file(number) { try plan.paths.path(number) }
    }
}

extension FrameBuffer {
    /// Replaces the contents with a copy of an array's bytes.
    fileprivate func copyArray(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { copy($0) }
    }
}
