/// What a request is answered with.
package struct HTTPAnswer: Sendable, Equatable {
    /// The status code: 200, 503, …
    package var status: Int
    /// The media type of the body.
    package var contentType: String
    /// The body.
    package var body: String

    package init(status: Int, contentType: String, body: String) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    /// A line of text for a person.
    package static func text(_ status: Int, _ line: String) -> HTTPAnswer {
        HTTPAnswer(status: status, contentType: "text/plain; charset=utf-8", body: line + "\n")
    }
}
