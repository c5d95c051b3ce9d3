/// What earlier versions wrote beside a failed backup: the newest restorable one, or no such key.
private struct EarlierStanding: Decodable {
    var id: String
    var ageSeconds: Double
}

extension KeyedDecodingContainer {
    /// The compiler's own decoding of ``HealthFact`` takes this for a standing, since it fits better than what fits every type.
    func decode(_ type: HealthFact.Standing.Type, forKey key: Key) throws -> HealthFact.Standing {
        guard contains(key) else { return .nothing }
        if let earlier = try? decode(EarlierStanding.self, forKey: key) {
            return .backup(id: earlier.id, ageSeconds: earlier.ageSeconds)
        }
        return try HealthFact.Standing(from: superDecoder(forKey: key))
    }
}
