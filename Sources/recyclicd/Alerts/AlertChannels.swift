import Alerting
import Configuration
import Transfer

/// The ways to people that a configuration names.
enum AlertChannels {
    /// Ways to those who are told at first.
    static func primary(_ settings: Settings.Notifications) -> [any AlertChannel] {
        var channels = people(settings.primary, settings)
        if let webhook = settings.webhook {
            channels.append(
                WebhookChannel(
                    url: webhook.address.revealed,
                    peer: webhook.address.shown,
                    secret: webhook.secret?.revealed,
                    transfer: transfer(settings)
                )
            )
        }
        return channels
    }

    /// Ways to those who come second.
    static func secondary(_ settings: Settings.Notifications) -> [any AlertChannel] {
        people(settings.escalation, settings)
    }

    /// What tells a service outside that protection is good; `nil` where there is none.
    static func ping(_ settings: Settings.Notifications) -> PingSender? {
        settings.ping.map { PingSender(url: $0.revealed, peer: $0.shown, transfer: transfer(settings)) }
    }

    private static func people(
        _ recipients: Settings.Notifications.Recipients,
        _ settings: Settings.Notifications
    ) -> [any AlertChannel] {
        let route = route(settings)
        var channels: [any AlertChannel] = recipients.emails.map {
            MailChannel(recipient: $0.description, route: route, transfer: transfer(settings))
        }
        if let token = settings.telegramToken {
            channels += recipients.telegramChats.map {
                TelegramChannel(
                    chat: $0,
                    token: token.revealed,
                    api: settings.telegramAPI.revealed,
                    peer: settings.telegramAPI.shown,
                    transfer: transfer(settings)
                )
            }
        }
        return channels
    }

    private static func route(_ settings: Settings.Notifications) -> MailChannel.Route {
        let server = settings.mailServer
        let security: MailSubmission.Security =
            switch server.security {
            case .implicitTLS: .implicitTLS
            case .startTLS: .startTLS
            case .startTLSIfOffered: .startTLSIfOffered
            case .none: .none
            }
        return MailChannel.Route(
            host: server.host,
            port: server.port,
            security: security,
            login: server.user.map {
                MailSubmission.Login(user: $0, password: settings.mailPassword?.revealed ?? "")
            },
            senderName: settings.sender.name,
            senderAddress: settings.sender.address.description
        )
    }

    private static func transfer(_ settings: Settings.Notifications) -> Transfer {
        Transfer(authoritiesFile: settings.authoritiesFile)
    }
}
