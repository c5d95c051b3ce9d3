import CLinux
import Glibc

/// Gives a finished file its name, and replaces nothing that has it already.
struct FinalName {
    /// Whether the file system may be asked for a second name first, which every one with hard links gives so; else, and where it
    /// has none (vfat, exfat, CIFS), the file is renamed.
    var mayLink = true

    /// Gives the name; the file may have its old one as well afterwards.
    ///
    /// - Returns: 0, or an errno: EEXIST when there is something of that name.
    func give(_ path: String, to partial: String) -> Int32 {
        if mayLink {
            // Unlike rename(2), link(2) replaces nothing.
            if link(partial, path) == 0 { return 0 }
            // What file systems without hard links answer: EPERM by link(2), some the others.
            guard [EPERM, EOPNOTSUPP, ENOSYS].contains(errno) else { return errno }
        }
        return linux_rename_without_replacing(partial, path) == 0 ? 0 : errno
    }
}
