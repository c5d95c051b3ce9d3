extension SettingsBuilder {
    /// The connection: each `POSTGRES_*` counts where it is set, `DATABASE_URL` fills in the rest, then defaults.
    mutating func buildPostgres() -> Settings.Postgres {
        let url = databaseURL()
        let user = part(.postgresUser, url?.user)
        let host = part(.postgresHost, url?.host)
        let port = port(url?.port)
        let database = part(.postgresDatabase, url?.database)
        let password = password(url)
        let mode = sslMode(url?.sslMode)
        let certificate = certificate(url?.sslRootCertificate)
        let timeout = timeout(url?.connectTimeout)
        checkHost(host)
        let minimum = number(.postgresPoolMinimum)
        let maximum = number(.postgresPoolMaximum)
        if minimum > maximum, maximum > 0 {
            find(
                .error,
                isChosen(.postgresPoolMinimum) ? .postgresPoolMinimum : .postgresPoolMaximum,
                "\"POSTGRES_POOL_MIN\" is \(minimum), more than \"POSTGRES_POOL_MAX\", which is \(maximum)",
                hint: "Accepted: POSTGRES_POOL_MIN up to POSTGRES_POOL_MAX."
            )
        }
        return Settings.Postgres(
            host: host,
            port: port,
            user: user,
            password: password,
            database: database,
            sslMode: mode,
            sslRootCertificate: certificate,
            connectTimeoutSeconds: timeout,
            poolMinimum: minimum,
            poolMaximum: maximum,
            binDirectory: path(.postgresBinDirectory)
        )
    }

    private mutating func databaseURL() -> DatabaseURL? {
        guard let candidate = candidate(.databaseURL) else {
            note(.databaseURL, "")
            return nil
        }
        note(.databaseURL, candidate.value)
        do throws(DatabaseURL.Failure) {
            let url = try DatabaseURL(candidate.value.trimmingWhitespace())
            if !url.ignoredOptions.isEmpty {
                let names = url.ignoredOptions.map { "\"\($0)\"" }.joined(separator: ", ")
                find(.note, .databaseURL, "options \(names) of \"DATABASE_URL\" are not used here, ignored")
            }
            return url
        } catch {
            let accepted = SettingName.databaseURL.definition.accepted
            find(.error, .databaseURL, "\"DATABASE_URL\" \(error.reason)", hint: "Accepted: \(accepted).")
            return nil
        }
    }

    /// Where a part of the URL comes from.
    private var urlOrigin: ConfigurationOrigin {
        .part(of: .databaseURL, candidate(.databaseURL)?.origin ?? .defaultValue(reason: nil))
    }

    private mutating func part(_ name: SettingName, _ fromURL: String?) -> String {
        if isChosen(name) {
            let value = text(name) ?? ""
            if let fromURL, fromURL != value { disagree(name, value, fromURL) }
            return value
        }
        if let fromURL, !fromURL.isEmpty {
            note(name, fromURL, origin: urlOrigin)
            return fromURL
        }
        return text(name) ?? ""
    }

    private mutating func port(_ fromURL: Int?) -> Int {
        if isChosen(.postgresPort) {
            let value = number(.postgresPort)
            if let fromURL, value > 0, fromURL != value { disagree(.postgresPort, "\(value)", "\(fromURL)") }
            return value
        }
        guard let fromURL else { return number(.postgresPort) }
        note(.postgresPort, "\(fromURL)", origin: urlOrigin)
        return fromURL
    }

    private mutating func password(_ url: DatabaseURL?) -> Secret? {
        if let own = candidate(.postgresPassword)?.value {
            if let url, let other = url.password, other != own, url.rawPassword != own {
                find(
                    .warning,
                    .postgresPassword,
                    "\"POSTGRES_PASSWORD\" and \"DATABASE_URL\" have different passwords, POSTGRES_PASSWORD counts",
                    hint: "Make them the same, or remove one."
                )
            }
            return secret(.postgresPassword)
        }
        guard let url, let password = url.password else { return secret(.postgresPassword) }
        note(.postgresPassword, password, origin: urlOrigin)
        if url.isPasswordEncoded {
            find(
                .note,
                .databaseURL,
                "the password in \"DATABASE_URL\" holds percent signs and is read as URL-encoded",
                hint: "If it is meant as it stands, set POSTGRES_PASSWORD, which counts before the URL."
            )
        }
        return Secret(password)
    }

    private mutating func sslMode(_ fromURL: String?) -> SSLMode {
        if isChosen(.postgresSSLMode) {
            let mode = choice(.postgresSSLMode, SSLMode.self) ?? .prefer
            if let fromURL, fromURL != mode.rawValue { disagree(.postgresSSLMode, mode.rawValue, fromURL) }
            return mode
        }
        guard let fromURL else { return choice(.postgresSSLMode, SSLMode.self) ?? .prefer }
        guard let mode = SSLMode(rawValue: fromURL) else {
            refuseOption("sslmode", of: .postgresSSLMode)
            return .prefer
        }
        note(.postgresSSLMode, mode.rawValue, origin: urlOrigin)
        return mode
    }

    private mutating func certificate(_ fromURL: String?) -> String? {
        if isChosen(.postgresSSLRootCertificate) || fromURL == nil { return path(.postgresSSLRootCertificate) }
        guard let fromURL, fromURL.hasPrefix("/") else {
            refuseOption("sslrootcert", of: .postgresSSLRootCertificate)
            return nil
        }
        note(.postgresSSLRootCertificate, fromURL, origin: urlOrigin)
        return fromURL
    }

    private mutating func timeout(_ fromURL: String?) -> Int {
        if isChosen(.postgresConnectTimeout) || fromURL == nil { return number(.postgresConnectTimeout) }
        guard let fromURL, let seconds = WholeNumber.parse(fromURL),
            case .integer(let range) = SettingName.postgresConnectTimeout.definition.kind, range.contains(seconds)
        else {
            refuseOption("connect_timeout", of: .postgresConnectTimeout)
            return 10
        }
        note(.postgresConnectTimeout, "\(seconds)", origin: urlOrigin)
        return seconds
    }

    private mutating func refuseOption(_ option: String, of name: SettingName) {
        let accepted = name.definition.accepted
        find(
            .error,
            .databaseURL,
            "the option \"\(option)\" of \"DATABASE_URL\" is not \(accepted)",
            hint: "Accepted: \(accepted)."
        )
    }

    private mutating func disagree(_ name: SettingName, _ value: String, _ fromURL: String) {
        find(
            .warning,
            name,
            "\"\(name.rawValue)\" is \"\(value)\" but \"DATABASE_URL\" says \"\(fromURL)\", \(name.rawValue) counts",
            hint: "Make them the same, or remove one."
        )
    }

    private mutating func checkHost(_ host: String) {
        guard host.contains(",") || host.contains("://") || host.contains(where: \.isWhitespace) else { return }
        refuse(isChosen(.postgresHost) ? .postgresHost : .databaseURL, accepted: "one host name, address or directory")
    }
}
