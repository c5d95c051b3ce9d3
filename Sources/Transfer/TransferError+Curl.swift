import CCurl
import Glibc

extension TransferError {
    /// What a failure of libcurl means, in our words: its own may quote URLs.
    init(
        _ code: CURLcode,
        of handle: borrowing CurlHandle,
        peer: String,
        isCancelled: Bool,
        _ transfer: Transfer
    ) {
        switch code {
        case CURLE_ABORTED_BY_CALLBACK:
            self = isCancelled ? Self(.cancelled, "the delivery was cancelled") : Self.timeout(handle, peer, transfer)
        case CURLE_OPERATION_TIMEDOUT:
            self = isCancelled ? Self(.cancelled, "the delivery was cancelled") : Self.timeout(handle, peer, transfer)
        case CURLE_COULDNT_RESOLVE_HOST:
            self.init(.nameNotFound, "the name of \"\(peer)\" can't be resolved")
        case CURLE_COULDNT_CONNECT:
            let number = Int32(truncatingIfNeeded: handle.number(CURLINFO_OS_ERRNO))
            self.init(.notReachable, "\"\(peer)\" can't be reached" + (number == 0 ? "" : ": \(Self.reason(number))"))
        case CURLE_PEER_FAILED_VERIFICATION:
            self = Self.certificate(verifyResult: handle.number(CURLINFO_SSL_VERIFYRESULT), peer)
        case CURLE_SSL_CONNECT_ERROR:
            self = Self.handshake(handle, peer)
        case CURLE_USE_SSL_FAILED:
            self.init(.noSTARTTLS, "\"\(peer)\" does not offer STARTTLS")
        case CURLE_LOGIN_DENIED:
            self.init(.noLoginMethod, "\"\(peer)\" offers no way to log in that recyclicd knows (PLAIN, LOGIN)")
        case CURLE_SSL_CACERT_BADFILE:
            let file = transfer.authoritiesFile.map { " \"\($0)\"" } ?? ""
            self.init(.authoritiesFile, "the file\(file) of certificate authorities can't be read or holds none")
        case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_PARTIAL_FILE:
            self.init(.closed, "\"\(peer)\" closed the connection before it answered")
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_HTTP2, CURLE_BAD_CONTENT_ENCODING,
            CURLE_WRITE_ERROR:
            self.init(.notUnderstood, "\"\(peer)\" answered what can't be understood")
        default:
            // These texts are fixed: they hold nothing of this exchange.
            let text = String(cString: curl_easy_strerror(code))
            self.init(.other, "the exchange with \"\(peer)\" failed: \(text.prefix(1).lowercased() + text.dropFirst())")
        }
    }

    private static func timeout(_ handle: borrowing CurlHandle, _ peer: String, _ transfer: Transfer) -> Self {
        if handle.offset(CURLINFO_NAMELOOKUP_TIME_T) == 0 {
            return Self(.nameNotFound, "the name of \"\(peer)\" could not be resolved in time")
        }
        if handle.offset(CURLINFO_CONNECT_TIME_T) == 0 {
            return Self(.timedOut, "no connection to \"\(peer)\" in time")
        }
        let seconds = Int(transfer.limits.totalSeconds.rounded(.up))
        return Self(.timedOut, "\"\(peer)\" did not answer within \(seconds) s")
    }

    /// - Parameter verifyResult: What OpenSSL says of the chain, by the numbers of `x509_vfy.h`; 0 is that all is well with it,
    ///     and libcurl leaves 1 where the name was wrong already.
    private static func certificate(verifyResult: Int, _ peer: String) -> Self {
        let subject = "the certificate of \"\(peer)\""
        return switch verifyResult {
        case 0, 1: Self(.certificateForAnotherHost, "\(subject) is for another host")
        case 9: Self(.certificateOutOfDate, "\(subject) is not valid yet")
        case 10: Self(.certificateOutOfDate, "\(subject) has expired")
        case 18: Self(.certificateNotTrusted, "\(subject) is self-signed")
        case 2, 19, 20, 21: Self(.certificateNotTrusted, "\(subject) comes from an authority that is not trusted here")
        default: Self(.certificateBad, "\(subject) can't be verified (OpenSSL's error \(verifyResult))")
        }
    }

    private static func handshake(_ handle: borrowing CurlHandle, _ peer: String) -> Self {
        let text = handle.failureText
        if text.contains("SSL_ERROR_SYSCALL") || text.contains("unexpected eof") {
            return Self(.closed, "\"\(peer)\" closed the connection during the TLS handshake")
        }
        return Self(.noTLS, "\"\(peer)\" does not speak TLS there, or no version that is safe (1.2 or later)")
    }

    private static func reason(_ number: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard strerror_r(number, &buffer, buffer.count) == 0 else { return "error \(number)" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self).lowercased()
    }
}
