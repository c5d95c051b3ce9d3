import Foundation
import Glibc

/// What everybody on this machine may read about this process and its children.
enum ProcessText {
    /// Command lines and names of threads.
    static func all() throws -> [String] {
        let files = FileManager.default
        var texts: [String] = []
        for entry in try files.contentsOfDirectory(atPath: "/proc") where Int32(entry) != nil {
            guard let status = text("/proc/\(entry)/stat"), let end = status.lastIndex(of: ")") else { continue }
            let parent = status[end...].split(separator: " ").dropFirst(2).first.flatMap { Int32($0) }
            guard Int32(entry) == getpid() || parent == getpid() else { continue }
            texts.append(text("/proc/\(entry)/cmdline") ?? "")
            for thread in (try? files.contentsOfDirectory(atPath: "/proc/\(entry)/task")) ?? [] {
                texts.append(text("/proc/\(entry)/task/\(thread)/comm") ?? "")
            }
        }
        return texts
    }

    private static func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }
}
