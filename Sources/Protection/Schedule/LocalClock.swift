import Foundation

/// The clock on the wall of a time zone, in whole seconds.
///
/// Foundation's calendars answer questions about clock changes in ways that differ by version. The only thing taken
/// from Foundation here is a zone's distance from UTC at an instant; the rest is arithmetic.
struct LocalClock {
    let timeZone: TimeZone

    /// No zone was ever further from UTC than this, in either direction.
    private static let farthest = 16 * 3600
    /// No zone ever changed its distance twice within this time.
    private static let stride = 4 * 3600

    /// What the clock shows at an instant, in seconds since 1970-01-01 00:00 as the clock counts them.
    func reading(at instant: Int) -> Int {
        instant + offset(at: instant)
    }

    /// The day it is at an instant.
    func day(at instant: Int) -> CivilDay {
        CivilDay(localSeconds: reading(at: instant))
    }

    /// The first instant at which the clock shows a time or a later one.
    ///
    /// That is the instant at which it shows the time, the first of them where it shows it twice, and the instant at
    /// which the clock is set forward where it never shows it.
    func firstInstant(showing local: Int) -> Int {
        var found = local - offset(at: local)
        for segment in segments(from: local - Self.farthest, to: local + Self.farthest) {
            let instant = max(segment.start, local - segment.offset)
            if instant < segment.end {
                found = instant
                break
            }
        }
        return found
    }

    /// Whether the clock ever shows a time of that day: zones that crossed the date line left one out.
    func shows(_ day: CivilDay) -> Bool {
        self.day(at: firstInstant(showing: day.localSeconds)) == day
    }

    /// A stretch of time in which the clock was not set.
    struct Segment {
        /// The first instant.
        let start: Int
        /// The instant after the last.
        let end: Int
        /// The distance from UTC: what to add to an instant to get the clock's reading.
        let offset: Int
    }

    /// The stretches between two instants, in order, without holes.
    func segments(from start: Int, to end: Int) -> [Segment] {
        var segments: [Segment] = []
        var segmentStart = start
        var segmentOffset = offset(at: start)
        var position = start
        while position < end {
            let next = min(position + Self.stride, end)
            let nextOffset = offset(at: next)
            if nextOffset != segmentOffset {
                // The change lies after `position` and not after `next`: halve until its second is known.
                var (before, after) = (position, next)
                while after - before > 1 {
                    let middle = before + (after - before) / 2
                    if offset(at: middle) == segmentOffset { before = middle } else { after = middle }
                }
                segments.append(Segment(start: segmentStart, end: after, offset: segmentOffset))
                segmentStart = after
                segmentOffset = nextOffset
            }
            position = next
        }
        segments.append(Segment(start: segmentStart, end: end, offset: segmentOffset))
        return segments
    }

    private func offset(at instant: Int) -> Int {
        timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant)))
    }
}
