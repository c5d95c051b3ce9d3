import Foundation

/// A certificate authority for one test.
package final class Authority: Sendable {
    private let folder: TemporaryDirectory

    package init() throws {
        folder = try TemporaryDirectory(prefix: "ca")
        try Program.check(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=Authority of a test", "-keyout", folder.path("ca.key"), "-out", folder.path("ca.pem"),
                "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign",
            ]
        )
    }

    /// The authority's own certificate, to be trusted.
    package var file: String { folder.path("ca.pem") }

    /// Leaves nothing in the authority's file that could be trusted.
    package func destroy() {
        _ = FileManager.default.createFile(atPath: file, contents: Data("nothing\n".utf8))
    }

    /// A certificate for a name.
    ///
    /// - Parameters:
    ///   - name: As in `subjectAltName`: `DNS:localhost`.
    ///   - days: How long it holds; less than 0 has it expired.
    package func certificate(for name: String, days: Int = 2) throws -> Certificate {
        let stem = folder.path("\(UInt64.random(in: .min ... .max))")
        try Program.check(
            "openssl",
            [
                "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=server",
                "-addext", "subjectAltName=\(name)", "-keyout", "\(stem).key", "-out", "\(stem).csr",
            ]
        )
        try Program.check(
            "openssl",
            [
                "x509", "-req", "-in", "\(stem).csr", "-CA", file, "-CAkey", folder.path("ca.key"), "-CAcreateserial",
                "-copy_extensions", "copy", "-days", "\(days)", "-out", "\(stem).pem",
            ]
        )
        return Certificate(certificate: "\(stem).pem", key: "\(stem).key")
    }
}
