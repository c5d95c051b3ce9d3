package import Repository

/// What a restore did.
package struct RestoreResult: Sendable {
    /// What was planned.
    package let preview: RestorePreview
    /// What was written.
    package let summary: ExtractionSummary
    /// The settings that differ from the source's.
    package let settingsChanged: [SettingChange]
    /// How long it took, in seconds.
    package let seconds: Double

    /// What to do next, a command or sentence each.
    ///
    /// - Parameter programs: The folder with the server's programs on this machine; `nil` when there is none.
    package func advice(programs: String?) -> [String] {
        let target = preview.target
        var lines: [String] = []
        if let programs {
            let asUser = preview.owner == "root" ? "" : "sudo -u \(preview.owner) "
            lines.append("\(asUser)\(programs)/pg_ctl -D '\(target)' -l '\(target)/start.log' -w start")
        } else {
            lines.append(
                "apt-get install postgresql-\(preview.majorVersion), or start it in a container as below"
            )
        }
        lines.append("docker run --rm -v '\(target)':/var/lib/postgresql/data postgres:\(preview.majorVersion)")
        lines.append("Then look at the data, and take a first backup of the new server.")
        return lines
    }
}
