/// A stretch of a spill file that holds sorted records.
struct SortedRun {
    var start: Int64
    var end: Int64
}
