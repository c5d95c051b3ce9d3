import Glibc

/// The certificate authorities that the system trusts.
enum Authorities {
    /// The folder where each has a file that is called by the hash of its name, as Debian makes it; `nil` where there is none,
    /// and libcurl's default holds. From the folder OpenSSL reads the few that it needs. The file of all of them would be
    /// parsed for every exchange, and 1.6 MB of it stay with the process (measured).
    static let folder: String? = {
        let path = "/etc/ssl/certs"
        guard let folder = opendir(path) else { return nil }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { $0.prefix { $0 != 0 }.map { $0 } }
            if isHashed(name) { return path }
        }
        return nil
    }()

    /// Whether it is eight hexadecimal digits and a number: `5f15c80c.0`.
    private static func isHashed(_ name: [UInt8]) -> Bool {
        name.count >= 10 && name[8] == UInt8(ascii: ".")
            && name.prefix(8).allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
            && name.dropFirst(9).allSatisfy { (0x30...0x39).contains($0) }
    }
}
