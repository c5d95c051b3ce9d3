import FoundationEssentials
import Monitoring

extension EnglishAlertWords {
    package func digest(_ facts: DigestFacts, instance: String) -> (subject: String, paragraphs: [String]) {
        let state =
            switch facts.health.level {
            case .ok: "everything that can be known is good"
            case .warning: HumanText.count(facts.health.reasons.count, "warning")
            case .critical:
                "CRITICAL, \(HumanText.count(facts.health.reasons.count { $0.level == .critical }, "critical problem"))"
            }
        var paragraphs = [
            "This is the digest of recyclicd on \(instance), from \(time(facts.from)) to \(time(facts.to)).",
            "Health now: \(state)."
                + facts.health.reasons.map { "\n- \(word($0.level)): \(health.lines($0.fact).message)." }.joined(),
        ]
        paragraphs.append(section("Backups", backups(facts)))
        paragraphs.append(section("Space", space(facts)))
        paragraphs.append(section("Proof", proof(facts)))
        paragraphs.append(section("Alerts", alerts(facts)))
        if let name = facts.newestManifest, let digest = facts.newestDigest {
            paragraphs.append(
                """
                Newest manifest:
                \(name)
                SHA-256 \(digest)
                Keep this message: whoever changes the repository later can't change the digest that you have.
                """
            )
        }
        return ("digest: \(state)", paragraphs)
    }

    private func section(_ title: String, _ lines: [String]) -> String {
        "\(title):" + lines.map { "\n- \($0)." }.joined()
    }

    private func backups(_ facts: DigestFacts) -> [String] {
        var lines: [String] = []
        if let count = facts.backups {
            lines.append(
                HumanText.count(count, "backup")
                    + (facts.backupsTaken.map { ", \($0) of them taken in this time" } ?? "")
            )
        } else {
            lines.append("The backups can't be listed")
        }
        if let newest = facts.newestRestorable {
            lines.append("The newest restorable one is \(newest.id); it brings back the data of \(time(newest.point))")
        }
        if let exposure = facts.exposure {
            lines.append("If the database were damaged now, this would be lost: \(exposure.databaseDamaged.text)")
            lines.append("If this machine were lost now, this would be lost: \(exposure.machineLost.text)")
        }
        if let bytes = facts.logicalBytes { lines.append("The newest holds \(HumanText.size(bytes))") }
        if let bytes = facts.addedBytes { lines.append("Those of this time added \(HumanText.size(bytes))") }
        return lines
    }

    private func space(_ facts: DigestFacts) -> [String] {
        var lines: [String] = []
        if let bytes = facts.databaseBytes { lines.append("The databases have \(HumanText.size(bytes))") }
        if let bytes = facts.repositoryBytes { lines.append("The repository takes \(HumanText.size(bytes))") }
        if let bytes = facts.freeBytes { lines.append("\(HumanText.size(bytes)) are free on its file system") }
        lines.append(
            facts.fullInSeconds.map { "It will be full in \(HumanText.duration($0)) if it goes on filling as it did" }
                ?? "When it will be full can't be foretold: it is not filling, or it is too early to tell"
        )
        return lines
    }

    private func proof(_ facts: DigestFacts) -> [String] {
        var lines: [String] = []
        if let drill = facts.drill {
            let verdict = drill.passed.map { $0 ? "passed" : "FAILED" } ?? "could not judge"
            lines.append("The last drill, of \(drill.backupID) at \(time(drill.finishedAt)), \(verdict)")
            if let seconds = drill.recoverySeconds {
                let objective = facts.objectiveSeconds.map { " (objective \(HumanText.duration($0)))" } ?? ""
                lines.append("The restore in it took \(HumanText.duration(seconds))\(objective)")
            }
            if !drill.phases.isEmpty {
                let parts = drill.phases.map { "\($0.name) \(HumanText.duration($0.seconds))" }
                lines.append("Its parts: \(parts.joined(separator: ", "))")
            }
        } else {
            lines.append("No restore was rehearsed yet")
        }
        if let verify = facts.verify {
            let outcome =
                verify.damagedObjects == 0
                ? "no damage is known" : HumanText.count(verify.damagedObjects, "damaged object")
            lines.append("The repository was last verified at \(time(verify.finishedAt)); \(outcome)")
        } else {
            lines.append("The repository was never verified")
        }
        return lines
    }

    private func alerts(_ facts: DigestFacts) -> [String] {
        guard !facts.alerts.isEmpty else { return ["There were none"] }
        return facts.alerts.map { alert in
            let end = alert.resolvedAt.map { "resolved \(time($0))" } ?? "still open"
            let known = alert.acknowledgement.map { ", acknowledged by \($0.by)" } ?? ""
            return "\(word(alert.worst)): \(title(alert.code)), since \(time(alert.beganAt)), \(end)\(known)"
        }
    }
}
