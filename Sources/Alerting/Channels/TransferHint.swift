import Transfer

/// Which setting says where a channel sends to; its name is part of hints.
enum AddressSetting: String, Sendable {
    case telegram = "NOTIFICATION_TELEGRAM_API"
    case mail = "NOTIFICATION_SMTP_URL"
    case webhook = "NOTIFICATION_WEBHOOK_URL"
    case ping = "NOTIFICATION_PING_URL"
}

extension DeliveryOutcome {
    /// What an exchange that came to nothing means for a delivery, and what the operator can do about it.
    init(_ error: TransferError, _ setting: AddressSetting) {
        let failure = DeliveryFailure(error.message, hint: Self.hint(error.kind, setting))
        self = error.isPassing ? .failed(failure) : .refused(failure)
    }

    private static func hint(_ kind: TransferError.Kind, _ setting: AddressSetting) -> String? {
        let name = setting.rawValue
        switch kind {
        case .cancelled, .closed, .other:
            return nil
        case .nameNotFound:
            return "Check the host in \(name), and this machine's name servers (/etc/resolv.conf)."
        case .notReachable:
            return setting == .mail
                ? "Check host and port in \(name), and the firewall; without it mail goes to this machine's own server."
                : "Check \(name), the server it leads to, and the firewall."
        case .timedOut:
            return setting == .mail
                ? "Check host and port in \(name), and the firewall; many providers close port 25 and leave 587 open."
                : "Check \(name), the server it leads to, and the firewall."
        case .certificateNotTrusted:
            return
                "If it is your own server, name the file of its authority's certificate in NOTIFICATION_CA_FILE; if it "
                + "is not, somebody else answers in its place."
        case .certificateForAnotherHost:
            return "Write the host in \(name) as its certificate has it."
        case .certificateOutOfDate:
            return "Renew the server's certificate; if that is good, set this machine's clock (timedatectl)."
        case .certificateBad:
            return "Look at it with: openssl s_client -connect HOST:PORT"
        case .noTLS:
            return setting == .mail
                ? "Write smtps:// for TLS from the start (port 465), smtp:// for STARTTLS (port 587)."
                : "Check scheme and port in \(name)."
        case .noSTARTTLS:
            return
                "Write smtps:// if the server knows TLS from the start; smtp+plain:// sends all of it unencrypted, the "
                + "password included."
        case .noLoginMethod:
            return "Check the port in \(name): many servers take logins on 587 or 465 only."
        case .authoritiesFile:
            return "NOTIFICATION_CA_FILE must name a file of certificates in PEM that the daemon's user may read."
        case .notUnderstood:
            return "Check host and port in \(name)."
        }
    }
}
