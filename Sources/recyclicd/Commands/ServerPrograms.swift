import Foundation

/// Where Debian puts the programs of a PostgreSQL server.
enum ServerPrograms {
    /// The folder with the programs of a major version; `nil` when they are not installed.
    static func folder(major: Int) -> String? {
        let folder = "/usr/lib/postgresql/\(major)/bin"
        return FileManager.default.isExecutableFile(atPath: folder + "/postgres") ? folder : nil
    }
}
