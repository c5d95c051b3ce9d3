/// Runs `body`, and cancels it when a time is up.
///
/// - Throws: ``ReceptionError/tooSlow(seconds:)`` then; what `body` throws.
func withTimeLimit<Value: Sendable>(
    _ limit: Duration,
    _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await Task.sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        guard let first = try await group.next(), let value = first else {
            throw ReceptionError.tooSlow(seconds: limit.components.seconds)
        }
        return value
    }
}
