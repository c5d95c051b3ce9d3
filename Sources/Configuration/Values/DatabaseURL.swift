import FoundationEssentials

/// The parts of a `DATABASE_URL`, as the application writes it: the password may hold any character, unescaped.
///
/// Because of that no ordinary URL parser will do: the host begins after the last "@" behind which host, port and
/// database can be read. What is percent-encoded is decoded, since the application's own library does so too.
struct DatabaseURL: Equatable {
    /// Why a text is no such URL; never holds any of its parts.
    struct Failure: Error, Equatable {
        let reason: String
    }

    var user: String?
    /// Decoded; `rawPassword` is as written.
    var password: String?
    var rawPassword: String?
    /// `nil` when left out; may come from the option `host`.
    var host: String?
    var port: Int?
    var database: String?
    var sslMode: String?
    var sslRootCertificate: String?
    var connectTimeout: String?
    /// Names of options that are not used here.
    var ignoredOptions: [String] = []

    init(_ text: String) throws(Failure) {
        guard let schemeEnd = text.firstRange(of: "://") else { throw Failure(reason: #"has no "://""#) }
        let scheme = text[..<schemeEnd.lowerBound].lowercased()
        let dialect = scheme.split(separator: "+", maxSplits: 1).first.map(String.init) ?? ""
        guard dialect == "postgresql" || dialect == "postgres" else {
            throw Failure(reason: #"does not begin with "postgresql://""#)
        }
        let rest = text[schemeEnd.upperBound...]
        guard let split = Self.split(rest) else {
            throw Failure(reason: "has no readable HOST:PORT/DATABASE behind the user and password")
        }
        if let login = split.login {
            let parts = login.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            user = parts.first.flatMap { $0.isEmpty ? nil : Self.decoded($0) }
            if parts.count == 2, !parts[1].isEmpty {
                rawPassword = String(parts[1])
                password = Self.decoded(parts[1])
            }
        }
        host = split.address.host
        port = split.address.port
        database = split.address.database
        read(options: split.address.query)
    }

    /// Whether decoding changed the password, so that the two readings of the URL differ.
    var isPasswordEncoded: Bool { password != rawPassword }

    private struct Address {
        var host: String?
        var port: Int?
        var database: String?
        var query: Substring = ""
        var hasPath = false
    }

    private static func split(_ rest: Substring) -> (login: Substring?, address: Address)? {
        var fallback: (login: Substring?, address: Address)?
        // From the last "@" on: a password may hold "@", an address outside its options may not.
        for index in rest.indices.reversed() where rest[index] == "@" {
            guard let address = address(rest[rest.index(after: index)...]) else { continue }
            let found = (login: rest[..<index], address: address)
            if address.hasPath { return found }
            fallback = fallback ?? found
        }
        if let fallback { return fallback }
        return address(rest).map { (nil, $0) }
    }

    /// Reads `host:port/database?options`, all of it optional.
    private static func address(_ text: Substring) -> Address? {
        var address = Address()
        var authority = text
        if let mark = text.firstIndex(of: "?") {
            authority = text[..<mark]
            address.query = text[text.index(after: mark)...]
        }
        if let slash = authority.firstIndex(of: "/") {
            let path = authority[authority.index(after: slash)...]
            guard !path.contains("/"), !path.contains("@") else { return nil }
            address.database = path.isEmpty ? nil : decoded(path)
            address.hasPath = true
            authority = authority[..<slash]
        }
        var portText: Substring?
        if authority.hasPrefix("[") {
            guard let close = authority.firstIndex(of: "]") else { return nil }
            address.host = String(authority[authority.index(after: authority.startIndex)..<close])
            let tail = authority[authority.index(after: close)...]
            guard tail.isEmpty || tail.hasPrefix(":") else { return nil }
            portText = tail.isEmpty ? nil : tail.dropFirst()
        } else {
            let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count <= 2, let host = parts.first else { return parts.isEmpty ? address : nil }
            guard host.utf8.allSatisfy({ $0.isLetter || $0.isDigit || "-._%~".utf8.contains($0) }) else { return nil }
            address.host = host.isEmpty ? nil : decoded(host)
            portText = parts.count == 2 ? parts[1] : nil
        }
        if let portText, !portText.isEmpty {
            guard let port = WholeNumber.parse(portText), (1...65535).contains(port) else { return nil }
            address.port = port
        }
        return address
    }

    private mutating func read(options query: Substring) {
        for option in query.split(separator: "&") {
            let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            let value = parts.count == 2 ? Self.decoded(parts[1]) : ""
            switch name {
            case "sslmode": sslMode = value
            case "sslrootcert": sslRootCertificate = value
            case "connect_timeout": connectTimeout = value
            case "host": host = value
            case "port" where WholeNumber.parse(value) != nil: port = WholeNumber.parse(value)
            case "user": user = value
            case "password":
                rawPassword = parts.count == 2 ? String(parts[1]) : ""
                password = value
            case "dbname": database = value
            default: ignoredOptions.append(name)
            }
        }
    }

    private static func decoded(_ text: Substring) -> String { PercentEncoding.decoded(text) }
}
