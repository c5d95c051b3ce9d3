import Blocking
import CCurl

/// What libcurl's callbacks work on during one transfer: what to send, what came, and when to stop. Lives on one thread.
final class Exchange {
    private let upload: [UInt8]
    private var sent = 0
    private let limits: TransferLimits
    private let flag: CancellationFlag
    private var deadline: ContinuousClock.Instant
    private var headerBytes = 0

    /// The body that came so far.
    private(set) var answer: [UInt8] = []
    /// Whether more came than is kept, and reading ended there.
    private(set) var isCut = false
    /// What a mail server's lines say.
    private(set) var replies = MailReplies()

    /// - Parameter upload: The message to a mail server; empty for HTTP, whose body libcurl is handed as it is.
    init(upload: [UInt8], limits: TransferLimits, flag: CancellationFlag) {
        self.upload = upload
        self.limits = limits
        self.flag = flag
        deadline = .now.advanced(by: .seconds(limits.totalSeconds))
    }

    var isCancelled: Bool { flag.isCancelled }

    /// Points libcurl's callbacks here. The caller keeps the exchange alive until the transfer has ended.
    func attach(to handle: borrowing CurlHandle) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        _ = ccurl_set_data_callback(handle.pointer, CURLOPT_WRITEFUNCTION) { data, size, count, context in
            Exchange.of(context).take(UnsafeRawBufferPointer(start: data, count: size * count))
        }
        handle.set(CURLOPT_WRITEDATA, context)
        _ = ccurl_set_data_callback(handle.pointer, CURLOPT_HEADERFUNCTION) { data, size, count, context in
            Exchange.of(context).takeHeader(UnsafeRawBufferPointer(start: data, count: size * count))
        }
        handle.set(CURLOPT_HEADERDATA, context)
        _ = ccurl_set_data_callback(handle.pointer, CURLOPT_READFUNCTION) { data, size, count, context in
            Exchange.of(context).give(UnsafeMutableRawBufferPointer(start: data, count: size * count))
        }
        handle.set(CURLOPT_READDATA, context)
        _ = ccurl_set_progress_callback(handle.pointer) { context, _, _, _, _ in
            Exchange.of(context).isToStop ? 1 : 0
        }
        handle.set(CURLOPT_XFERINFODATA, context)
        handle.set(CURLOPT_NOPROGRESS, 0)
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> Exchange {
        guard let context else { preconditionFailure("libcurl called back without its context") }
        // The pointer is the one that `attach` made, and the caller keeps the object alive during the transfer.
        return Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
    }

    /// libcurl asks at least once a second, also while it looks a name up or waits for a mail server's goodbye.
    private var isToStop: Bool { flag.isCancelled || .now > deadline }

    private func take(_ bytes: UnsafeRawBufferPointer) -> Int {
        let room = limits.answerBytes - answer.count
        answer += bytes.prefix(room)
        guard bytes.count <= room else {
            isCut = true
            // Another number than was given ends the transfer.
            return 0
        }
        return bytes.count
    }

    private func takeHeader(_ bytes: UnsafeRawBufferPointer) -> Int {
        headerBytes += bytes.count
        guard headerBytes <= limits.answerBytes else { return 0 }
        replies.note(bytes)
        if !upload.isEmpty, sent == upload.count, replies.last.map({ $0.code < 300 }) == true {
            // The message is theirs. What follows is a goodbye, and nobody waits long for that.
            deadline = min(deadline, .now.advanced(by: .seconds(2)))
        }
        return bytes.count
    }

    private func give(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, upload.count - sent)
        buffer.copyBytes(from: upload[sent..<(sent + count)])
        sent += count
        return count
    }
}
