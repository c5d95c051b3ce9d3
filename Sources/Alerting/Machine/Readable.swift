/// One of several that are read each for itself: one that can't be read takes none of the others with it.
struct Readable<Value: Decodable>: Decodable {
    /// `nil` when it can't be read.
    let value: Value?

    init(from decoder: any Decoder) {
        value = try? Value(from: decoder)
    }
}
