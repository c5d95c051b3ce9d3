/// How many slips of the keyboard lie between two names.
enum EditDistance {
    /// Letters inserted, left out, replaced or swapped with their neighbour (optimal string alignment). Costs the
    /// product of the lengths; names longer than 64 bytes are cut there, which no real name is.
    static func between(_ first: String, _ second: String) -> Int {
        let left = Array(first.utf8.prefix(64))
        let right = Array(second.utf8.prefix(64))
        var beforePrevious: [Int] = []
        var previous = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let replaced = previous[column] + (left[row] == right[column] ? 0 : 1)
                var best = min(replaced, previous[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, beforePrevious[column - 1] + 1)
                }
                current.append(best)
            }
            beforePrevious = previous
            previous = current
        }
        return previous[right.count]
    }
}
