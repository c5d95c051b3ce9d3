import ArgumentParser
import Configuration
import Foundation
import Repository

/// Which repository a subcommand works on without a daemon.
struct OfflineRepositoryOption: ParsableArguments {
    @Option(help: ArgumentHelp("The repository, instead of the configured one.", valueName: "dir"))
    var repository: String?

    /// Where the repository is, as a path from the root.
    ///
    /// - Throws: ``ConfigurationRefused``.
    func path(configured file: ConfigurationFileOption) throws -> String {
        guard let repository else { return try file.settings().settings.paths.repository }
        return repository.hasPrefix("/") ? repository : FileManager.default.currentDirectoryPath + "/" + repository
    }

    /// Opens the repository; it must exist.
    ///
    /// - Parameter file: Where the configuration is, for when no repository is named.
    /// - Throws: ``RepositoryError``, ``ConfigurationRefused``.
    func open(configured file: ConfigurationFileOption) throws -> Repository {
        let path = try path(configured: file)
        do {
            return try Repository.open(at: path)
        } catch let error as RepositoryError where error.code == "permissionDenied" {
            throw NotPermitted(path: path)
        }
    }
}
