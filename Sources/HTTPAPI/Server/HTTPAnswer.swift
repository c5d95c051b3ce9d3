/// What a request is answered with.
package struct HTTPAnswer: Sendable, Equatable {
    /// One line of the answer's head.
    package struct Header: Sendable, Equatable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The status code: 200, 503, …
    package var status: Int
    /// The media type of the body.
    package var contentType: String
    /// The body.
    package var body: String
    /// What the head says beside type, length and caching, which the server adds.
    package var headers: [Header]

    package init(status: Int, contentType: String, body: String, headers: [Header] = []) {
        self.status = status
        self.contentType = contentType
        self.body = body
        self.headers = headers
    }

    /// A line of text for a person.
    package static func text(_ status: Int, _ line: String) -> HTTPAnswer {
        HTTPAnswer(status: status, contentType: "text/plain; charset=utf-8", body: line + "\n")
    }

    /// The answer to a method that the path does not have.
    package static let methodNotAllowed: HTTPAnswer = {
        var answer = text(405, "only GET and HEAD are answered")
        answer.headers = [Header("Allow", "GET, HEAD")]
        return answer
    }()
}
