import Glibc

/// Whether a descriptor would make us wait.
package enum DescriptorReadiness {
    /// Whether it is ready now, or broken, so that a call returns at once with an error.
    ///
    /// - Parameter event: `POLLIN` for reading and accepting, `POLLOUT` for writing.
    package static func isReady(_ descriptor: Int32, for event: Int32) -> Bool {
        var question = pollfd(fd: descriptor, events: Int16(event), revents: 0)
        while true {
            let count = poll(&question, 1, 0)
            if count >= 0 { return count > 0 }
            guard errno == EINTR else { return false }
        }
    }
}
