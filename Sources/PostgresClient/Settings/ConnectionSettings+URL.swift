extension ConnectionSettings {
    private static let schemes = [
        "postgresql", "postgres", "postgresql+psycopg2", "postgresql+psycopg", "postgresql+asyncpg",
    ]
    private static let parameterNames = [
        "host", "port", "user", "password", "dbname", "sslmode", "sslrootcert", "application_name", "connect_timeout",
        "options",
    ]

    /// Reads the form of `DATABASE_URL`: `postgresql://user:password@host:port/database?sslmode=require`.
    ///
    /// Compose files often build it from parts, so the password may hold `@ : / ? # %` as they are: the last `@` before
    /// the parameters ends it, and a `%` that doesn't begin a two-digit escape makes the whole password literal.
    ///
    /// - Throws: ``PostgresError`` with the code `invalidSettings`; it never shows the URL.
    package init(url: String) throws {
        guard let schemeEnd = url.firstRange(of: "://") else {
            throw Self.invalid("the database's URL has no '://'")
        }
        let scheme = url[..<schemeEnd.lowerBound].lowercased()
        guard Self.schemes.contains(scheme) else {
            throw Self.invalid("the database's URL begins with '\(scheme)'; 'postgresql' is accepted")
        }
        let rest = url[schemeEnd.upperBound...]
        let queryStart = Self.startOfParameters(rest)
        let location = rest[..<(queryStart ?? rest.endIndex)]
        let at = location.lastIndex(of: "@")
        self.init(host: "", user: "", database: "")
        if let at { try readUser(location[..<at]) }
        try readAddress(location[(at.map(location.index(after:)) ?? location.startIndex)...])
        if let queryStart { try readParameters(rest[rest.index(after: queryStart)...]) }
        if host.isEmpty { host = "127.0.0.1" }
        guard !user.isEmpty else { throw Self.invalid("the database's URL names no user") }
        if database.isEmpty { database = user }
    }

    /// A question mark begins the parameters when a known name and `=` follow it; else it is part of a password.
    private static func startOfParameters(_ rest: Substring) -> Substring.Index? {
        let afterPassword = rest.lastIndex(of: "@") ?? rest.startIndex
        var candidates = rest.indices.filter { rest[$0] == "?" }
        if let known = candidates.first(where: { index in
            let tail = rest[rest.index(after: index)...]
            return parameterNames.contains { tail.hasPrefix($0 + "=") }
        }) {
            return known
        }
        candidates.removeAll { $0 < afterPassword }
        return candidates.first
    }

    private mutating func readUser(_ part: Substring) throws {
        let colon = part.firstIndex(of: ":")
        user = Self.decode(part[..<(colon ?? part.endIndex)])
        guard let colon else { return }
        password = Password(Self.decode(part[part.index(after: colon)...]))
    }

    private mutating func readAddress(_ part: Substring) throws {
        let slash = part.firstIndex(of: "/")
        var address = part[..<(slash ?? part.endIndex)]
        if let slash { database = Self.decode(part[part.index(after: slash)...]) }
        guard !address.contains(",") else {
            throw Self.invalid("the database's URL names several hosts; one is accepted")
        }
        if address.first == "[" {
            guard let close = address.firstIndex(of: "]") else {
                throw Self.invalid("the database's URL has '[' without ']' in its host")
            }
            host = String(address[address.index(after: address.startIndex)..<close])
            address = address[address.index(after: close)...]
        } else {
            let colon = address.lastIndex(of: ":") ?? address.endIndex
            host = Self.decode(address[..<colon])
            address = address[colon...]
        }
        if !address.isEmpty { port = try Self.port(address.dropFirst()) }
    }

    private mutating func readParameters(_ part: Substring) throws {
        for pair in part.split(separator: "&") {
            let equals = pair.firstIndex(of: "=") ?? pair.endIndex
            let value = Self.decode(pair[equals...].dropFirst())
            switch pair[..<equals] {
            case "host": host = value
            case "port": port = try Self.port(value[...])
            case "user": user = value
            case "password": password = Password(value)
            case "dbname": database = value
            case "sslrootcert": sslRootCertificate = value
            case "application_name": applicationName = value
            case "options": options = value
            case "sslmode":
                guard let mode = SSLMode(rawValue: value) else {
                    let accepted = SSLMode.allCases.map(\.rawValue).joined(separator: ", ")
                    throw Self.invalid("sslmode is '\(value)' in the database's URL; accepted are \(accepted)")
                }
                sslMode = mode
            case "connect_timeout":
                guard let seconds = Int(value), seconds > 0 else {
                    throw Self.invalid("connect_timeout is '\(value)' in the database's URL; seconds are accepted")
                }
                connectTimeout = .seconds(seconds)
            default:
                let accepted = Self.parameterNames.joined(separator: ", ")
                throw Self.invalid(
                    "the database's URL has the unknown parameter '\(pair[..<equals])'; accepted are \(accepted)"
                )
            }
        }
    }

    private static func port(_ text: Substring) throws -> Int {
        guard let port = Int(text), (1...65535).contains(port) else {
            // The text is not shown: a password with an '@' in an odd place could have ended up here.
            throw invalid("the port in the database's URL is not a number from 1 to 65535")
        }
        return port
    }

    /// Resolves `%XX`; text with a stray `%`, or whose result is not UTF-8, stays as it is.
    private static func decode(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, digits.first != UInt8(ascii: "+"), digits.first != UInt8(ascii: "-"),
                let value = UInt8(Substring(digits), radix: 16)
            else { return String(text) }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self) ?? String(text)
    }

    private static func invalid(_ message: String) -> PostgresError {
        PostgresError(
            .invalidSettings,
            message,
            hint: "Write it as postgresql://USER:PASSWORD@HOST:PORT/DATABASE, or use POSTGRES_HOST and its kin."
        )
    }
}
