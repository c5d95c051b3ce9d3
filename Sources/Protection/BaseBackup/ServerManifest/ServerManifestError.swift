import Blocking

/// A backup manifest from the server that can't be read or does not match its own checksum.
package struct ServerManifestError: OperatorError, Equatable {
    /// What is wrong with the manifest.
    package enum Reason: Sendable, Equatable {
        case malformed(line: Int, what: String)
        case unsupportedVersion(Int)
        case checksum
        case truncated
    }

    package var reason: Reason

    package init(_ reason: Reason) {
        self.reason = reason
    }

    package var code: String {
        switch reason {
        case .unsupportedVersion: "serverManifestUnsupported"
        case .malformed, .checksum, .truncated: "serverManifestMalformed"
        }
    }

    package var message: String {
        switch reason {
        case .malformed(let line, let what): "the server's backup manifest is malformed in line \(line): \(what)"
        case .unsupportedVersion(let version): "the server's backup manifest has the unknown version \(version)"
        case .checksum: "the server's backup manifest does not match its own checksum"
        case .truncated: "the server's backup manifest is not complete"
        }
    }

    package var hint: String? {
        switch reason {
        case .unsupportedVersion: "Install a recyclicd that knows this PostgreSQL version."
        case .malformed, .checksum, .truncated:
            "Run the backup again; if it happens again, look for a proxy between this host and the server."
        }
    }
}
