/// A request to a web server.
package struct HTTPRequest: Sendable {
    /// Where to: `https` or `http`, in ASCII. It may hold secrets, so that no error names it.
    package var url: String
    /// What errors call the server; holds no secret.
    package var peer: String
    /// Names and values; without line ends.
    package var headers: [(name: String, value: String)]
    /// What is posted.
    package var body: [UInt8]

    package init(post body: [UInt8], to url: String, peer: String, headers: [(name: String, value: String)] = []) {
        self.url = url
        self.peer = peer
        self.headers = headers
        self.body = body
    }
}
