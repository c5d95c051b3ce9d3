/// What a client may take of the server. The defaults suit a few scrapers, and a proxy with many dashboards behind it.
package struct HTTPLimits: Sendable {
    /// Connections open at once; later ones are closed right away.
    package var connections = 128
    /// Bytes received without an answer having begun: request line, headers and body of a request, and what follows it.
    package var requestBytes = 16 << 10
    /// Seconds from the connection or the last answer to the next answer; then the connection is closed. A scraper that
    /// asks once a minute may keep its connection.
    package var quietSeconds: Int64 = 90

    package init() {}
}
