import CCurl

/// One use of libcurl: options, one transfer, what came of it. Made for each exchange and freed after it, so that nothing is
/// kept while there is nothing to send.
struct CurlHandle: ~Copyable {
    let pointer: UnsafeMutableRawPointer
    /// What libcurl says about a failure, of at most `CURL_ERROR_SIZE` bytes. It may quote URLs: to look at, not to show.
    private let errorText: UnsafeMutablePointer<CChar>

    /// Loads what libcurl needs, once, when the first message is sent: a daemon that sends nothing does without.
    private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// `nil` when there is no memory for it.
    init?() {
        guard Self.isReady, let pointer = curl_easy_init() else { return nil }
        self.pointer = pointer
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        _ = ccurl_set_pointer(pointer, CURLOPT_ERRORBUFFER, errorText)
    }

    deinit {
        curl_easy_cleanup(pointer)
        errorText.deallocate()
    }

    /// What libcurl says about a failure. It may quote URLs: to look at, not to show.
    var failureText: String { String(cString: errorText) }

    /// Sets a number. An option that libcurl does not know is a mistake of ours, for every version that we support has it.
    func set(_ option: CURLoption, _ value: Int) {
        let code = ccurl_set_long(pointer, option, value)
        precondition(code == CURLE_OK, "libcurl refuses option \(option.rawValue): error \(code.rawValue)")
    }

    /// Sets a text, of which libcurl keeps a copy.
    ///
    /// - Returns: Whether libcurl takes it; it refuses what is too long (8 MB).
    @discardableResult
    func set(_ option: CURLoption, _ value: String) -> Bool {
        ccurl_set_text(pointer, option, value) == CURLE_OK
    }

    /// Takes a text's default away.
    func setNothing(_ option: CURLoption) {
        _ = ccurl_set_text(pointer, option, nil)
    }

    /// Sets what a callback is handed, or a list. The caller keeps it alive until the transfer ends.
    func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer?) {
        let code = ccurl_set_pointer(pointer, option, value)
        precondition(code == CURLE_OK, "libcurl refuses option \(option.rawValue): error \(code.rawValue)")
    }

    /// A number that libcurl noted.
    func number(_ info: CURLINFO) -> Int {
        var value = 0
        return ccurl_get_long(pointer, info, &value) == CURLE_OK ? value : 0
    }

    /// A large number that libcurl noted.
    func offset(_ info: CURLINFO) -> Int64 {
        var value: curl_off_t = 0
        return ccurl_get_offset(pointer, info, &value) == CURLE_OK ? Int64(value) : 0
    }
}
