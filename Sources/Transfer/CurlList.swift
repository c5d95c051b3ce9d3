import CCurl

/// A list of texts as libcurl takes it.
struct CurlList: ~Copyable {
    /// `nil` while it is empty.
    private(set) var head: UnsafeMutablePointer<curl_slist>?

    init(_ texts: [String]) {
        for text in texts {
            // Without memory it gives NULL and leaves the list as it was.
            guard let longer = curl_slist_append(head, text) else { return }
            head = longer
        }
    }

    deinit {
        curl_slist_free_all(head)
    }
}
