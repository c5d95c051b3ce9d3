/// A request as it came, without a body: none is taken.
package struct HTTPRequest: Sendable {
    /// `GET`, `HEAD`, …
    package var method: String
    /// The path as it was sent, without the query.
    package var path: String
    /// What follows the `?`, as it was sent; `nil` without one. It may hold anything, so it is not logged.
    package var query: String?
    /// Names and values of the headers, in order.
    package var headers: [(name: String, value: String)]
    /// Who asks.
    package var peer: HTTPPeer

    package init(
        method: String = "GET",
        path: String,
        query: String? = nil,
        headers: [(name: String, value: String)] = [],
        peer: HTTPPeer = .unknown
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.peer = peer
    }

    /// The values of a header, whose name is compared without regard to case.
    package func header(_ name: String) -> [String] {
        let name = name.lowercased()
        return headers.filter { $0.name.lowercased() == name }.map(\.value)
    }
}
