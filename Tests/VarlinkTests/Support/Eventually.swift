import Testing

/// Asks again and again until `condition` holds; fails after a time in which even a slow machine gets there.
func eventually(
    within limit: Duration = .seconds(30),
    sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(5))
    }
    try #require(await condition(), "it has not happened in time", sourceLocation: sourceLocation)
}
