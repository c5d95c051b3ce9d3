/// What a drill says of a backup.
package enum DrillVerdict: String, Sendable, Hashable, Codable {
    /// The backup was restored, recovered and found good.
    case passed
    /// The backup does not restore to a good server.
    case failed
    /// Something that is not the backup's fault kept the drill from judging it.
    case cannotJudge
}
