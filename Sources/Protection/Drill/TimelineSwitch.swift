import PostgresClient

/// The last line of a timeline's history file: where its recovery ended and it began.
struct TimelineSwitch: Hashable {
    /// The timeline before.
    let parent: UInt32
    /// Where it was left.
    let position: LSN

    /// Reads a history file (src/backend/access/transam/timeline.c): the parent's number, the position and a reason in
    /// each line, divided by tabs, with `#` before comments.
    init?(history text: String) {
        let lines = text.split(separator: "\n").map { $0.drop(while: \.isWhitespace) }
        guard let last = lines.last(where: { !$0.isEmpty && !$0.hasPrefix("#") }) else { return nil }
        let fields = last.split(whereSeparator: \.isWhitespace)
        guard fields.count >= 2, let parent = UInt32(fields[0]), let position = LSN(String(fields[1])) else {
            return nil
        }
        self.parent = parent
        self.position = position
    }
}
