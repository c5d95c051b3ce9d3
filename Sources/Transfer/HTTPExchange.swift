import Blocking
import CCurl

/// One request and its answer. Blocks its thread.
struct HTTPExchange {
    private let request: HTTPRequest
    private let transfer: Transfer
    private let flag: CancellationFlag

    init(_ request: HTTPRequest, _ transfer: Transfer, _ flag: CancellationFlag) {
        precondition(
            request.headers.allSatisfy { !"\($0.name)\($0.value)".utf8.contains { $0 == 0x0A || $0 == 0x0D } },
            "a header with a line end would be two headers"
        )
        self.request = request
        self.transfer = transfer
        self.flag = flag
    }

    func run() throws(TransferError) -> HTTPAnswer {
        guard let handle = CurlHandle() else { throw TransferError(.other, "libcurl can't be started") }
        handle.prepare(protocols: "https,http", transfer)
        guard handle.set(CURLOPT_URL, request.url) else { throw TransferError(.other, "the URL is too long") }
        handle.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        handle.set(CURLOPT_USERAGENT, "recyclicd")
        // An empty "Expect" keeps libcurl from asking first whether it may send.
        let headers = CurlList(request.headers.map { "\($0.name): \($0.value)" } + ["Expect:"])
        handle.set(CURLOPT_HTTPHEADER, headers.head)
        handle.set(CURLOPT_POST, 1)
        let exchange = Exchange(upload: [], limits: transfer.limits, flag: flag)
        exchange.attach(to: handle)
        let code = request.body.withUnsafeBytes { body in
            // libcurl reads the bytes where they are, and only while the transfer runs. An empty body still needs a pointer.
            let start = body.baseAddress.map { UnsafeMutableRawPointer(mutating: $0) } ?? handle.pointer
            handle.set(CURLOPT_POSTFIELDSIZE, body.count)
            handle.set(CURLOPT_POSTFIELDS, start)
            return withExtendedLifetime(exchange) { curl_easy_perform(handle.pointer) }
        }
        let status = handle.number(CURLINFO_RESPONSE_CODE)
        // What was cut is an answer as well: its status came before.
        guard code == CURLE_OK || (exchange.isCut && status > 0) else {
            throw TransferError(code, of: handle, peer: request.peer, isCancelled: exchange.isCancelled, transfer)
        }
        let retryAfter = handle.offset(CURLINFO_RETRY_AFTER)
        return HTTPAnswer(
            status: status,
            retryAfterSeconds: retryAfter > 0 ? Double(retryAfter) : nil,
            body: exchange.answer
        )
    }
}
