/// Whether anybody is told when something goes wrong.
extension Diagnosis {
    func alerts() -> [Finding] {
        guard let recipients = setup.alertRecipients else { return [] }
        let subject = "alerts"
        guard recipients > 0 else {
            let lines =
                remedy.setting("NOTIFICATION_EMAIL=you@example.org") + [
                    "recyclicctl reload", "recyclicctl alerts test",
                ]
            return [
                Finding(
                    .warning,
                    "nobodyIsTold",
                    subject,
                    "nobody is told when something goes wrong: no e-mail address, Telegram chat or webhook is set",
                    mend: [Mend(.any, lines)]
                )
            ]
        }
        let ping =
            setup.hasPing
            ? "a service outside notices when recyclicd is silent"
            : "nobody notices when this machine is dead (NOTIFICATION_PING_URL names a service that does)"
        let whom = recipients == 1 ? "1 recipient" : "\(recipients) recipients"
        return [Finding(.ok, "somebodyIsTold", subject, "go to \(whom); \(ping)")]
    }
}
