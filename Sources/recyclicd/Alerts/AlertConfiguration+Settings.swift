import Alerting
import Configuration
import Foundation
import Monitoring
import Transfer

extension AlertConfiguration {
    /// How alerts are to be handled by a configuration.
    init(_ settings: Settings) {
        let notifications = settings.notifications
        let zone = settings.timeZone
        let clock = TextZone { zone.secondsFromGMT(for: $0) }
        let repeatSeconds = Double(notifications.repeatMinutes) * 60
        self.init(
            primary: AlertChannels.primary(notifications),
            secondary: AlertChannels.secondary(notifications),
            writer: AlertWriter(
                words: notifications.language == .french
                    ? FrenchAlertWords(zone: clock) : EnglishAlertWords(zone: clock),
                instance: notifications.instanceName,
                contacts: notifications.emergencyContacts,
                repeatSeconds: repeatSeconds
            ),
            policy: AlertPolicy(
                repeatSeconds: repeatSeconds,
                escalationSeconds: Double(notifications.escalationMinutes) * 60,
                pendingSeconds: Double(settings.alerts.pendingSeconds)
            )
        )
    }
}
