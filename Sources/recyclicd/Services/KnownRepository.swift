import Foundation

/// Which repository was found in a folder, remembered in the state directory, so that an empty mount point is not taken
/// for a folder in which a repository is to be made.
struct KnownRepository: Codable, Equatable {
    static let fileName = "repository.json"

    /// The folder, as configured.
    var path: String
    /// The repository's id.
    var id: String

    /// What is remembered; `nil` when nothing is, or when it can't be read: then there is nothing to hold against anyone.
    static func load(from folder: String) -> KnownRepository? {
        guard let data = FileManager.default.contents(atPath: "\(folder)/\(fileName)") else { return nil }
        return try? JSONDecoder().decode(KnownRepository.self, from: data)
    }

    /// Remembers it. A failure is ignored: the next opening tries again.
    func save(to folder: String) {
        guard self != Self.load(from: folder), let data = try? JSONEncoder().encode(self) else { return }
        try? data.write(to: URL(fileURLWithPath: "\(folder)/\(Self.fileName)"), options: .atomic)
    }
}
