import Foundation
import Glibc

/// What defaults depend on: a few facts about the machine, gathered once so that the rest is pure.
package struct MachineFacts: Sendable, Equatable {
    /// The host's name.
    package let hostName: String
    /// Processors online, at least 1.
    package let processors: Int
    /// The machine's IANA time zone and where it is written.
    package let timeZone: TimeZoneFact
    /// Whether the group `recyclic` exists.
    package let hasRecyclicGroup: Bool

    /// The machine's time zone and how it was found.
    package struct TimeZoneFact: Sendable, Equatable {
        /// An IANA name.
        package let name: String
        /// For the origin column: `TZ`, `/etc/timezone`, `/etc/localtime` or why it is UTC.
        package let source: String

        package init(name: String, source: String) {
            self.name = name
            self.source = source
        }
    }

    package init(hostName: String, processors: Int, timeZone: TimeZoneFact, hasRecyclicGroup: Bool) {
        self.hostName = hostName
        self.processors = max(1, processors)
        self.timeZone = timeZone
        self.hasRecyclicGroup = hasRecyclicGroup
    }

    /// Asks the machine. Blocks for a few small reads.
    ///
    /// - Parameter environment: Consulted for `TZ`, which wins over `/etc/timezone` and `/etc/localtime`.
    package static func current(environment: [String: String]) -> MachineFacts {
        let timezoneFile = (try? ConfigurationFileReader.disk.read("/etc/timezone"))
            .flatMap { String(validating: $0.bytes, as: UTF8.self) }
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/etc/localtime", &buffer, buffer.count)
        let link = length > 0 ? String(validating: buffer[..<length], as: UTF8.self) : nil
        var name = [CChar](repeating: 0, count: 256)
        let isNamed = gethostname(&name, name.count - 1) == 0
        let hostName = isNamed ? String(validating: name.prefix { $0 != 0 }, as: UTF8.self) : nil
        return MachineFacts(
            hostName: hostName.flatMap { HostText.isName($0) ? $0 : nil } ?? "localhost",
            processors: sysconf(Int32(_SC_NPROCESSORS_ONLN)),
            timeZone: timeZone(variable: environment["TZ"], timezoneFile: timezoneFile, localtimeLink: link),
            // Names only a boolean: the pointer into libc's buffer is not kept.
            hasRecyclicGroup: getgrnam("recyclic") != nil
        )
    }

    /// Picks the first source that names a zone that exists; UTC when none does.
    static func timeZone(variable: String?, timezoneFile: String?, localtimeLink: String?) -> TimeZoneFact {
        let folder = "zoneinfo/"
        let candidates: [(String?, String)] = [
            (variable.map { $0.hasPrefix(":") ? String($0.dropFirst()) : $0 }, "TZ"),
            (timezoneFile?.split(whereSeparator: \.isWhitespace).first.map(String.init), "/etc/timezone"),
            (localtimeLink?.range(of: folder).map { String(localtimeLink?[$0.upperBound...] ?? "") }, "/etc/localtime"),
        ]
        for (name, source) in candidates {
            if let name, isTimeZone(name) { return TimeZoneFact(name: name, source: source) }
        }
        return TimeZoneFact(name: "UTC", source: "the machine names no time zone")
    }

    /// Whether `name` is an IANA time zone that Foundation, which computes with it later, knows.
    static func isTimeZone(_ name: String) -> Bool {
        guard !name.isEmpty, !name.hasPrefix("/"), !name.contains("..") else { return false }
        return TimeZone(identifier: name) != nil
    }
}
