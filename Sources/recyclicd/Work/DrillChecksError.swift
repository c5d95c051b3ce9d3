import Blocking

/// The file with the operator's own checks can't be read.
struct DrillChecksError: OperatorError {
    let path: String

    var code: String { "drillChecksUnreadable" }
    var message: String { "the file \"\(path)\" that DRILL_CHECKS names can't be read as UTF-8 text" }
    var hint: String? { "Let the daemon's user read it, or take DRILL_CHECKS out of the configuration." }
}
