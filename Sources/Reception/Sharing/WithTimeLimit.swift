/// Runs `body`, and cancels it when a time is up; does not even begin when none is left.
///
/// - Parameter refusal: What is thrown then.
/// - Throws: `refusal`; what `body` throws.
func withTimeLimit<Value: Sendable>(
    _ limit: Duration,
    or refusal: ReceptionError,
    _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    guard limit > .zero else { throw refusal }
    return try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await Task.sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        guard let first = try await group.next(), let value = first else { throw refusal }
        return value
    }
}
