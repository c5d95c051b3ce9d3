/// Runs `body`, and cancels it when a time is up; does not even begin when none is left.
///
/// - Parameter patience: How long was to be waited in all, to be told.
/// - Throws: ``ReceptionError/tooSlow(seconds:)`` then; what `body` throws.
func withTimeLimit<Value: Sendable>(
    _ limit: Duration,
    of patience: Duration,
    _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    let tooSlow = ReceptionError.tooSlow(seconds: patience.components.seconds)
    guard limit > .zero else { throw tooSlow }
    return try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await Task.sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        guard let first = try await group.next(), let value = first else { throw tooSlow }
        return value
    }
}
