extension ConfigurationReport {
    /// What `check-config` prints for people: a table of name, value and origin, then the findings and a verdict.
    ///
    /// - Parameter width: Columns of the terminal; less than 60 counts as 60. Long values and
    ///   origins are wrapped in their columns.
    package func text(width: Int = 120) -> String {
        let names = max(4, settings.map(\.name.count).max() ?? 0)
        let room = max(60, width) - names - 4
        let longest = max(5, settings.map(\.value.count).max() ?? 0)
        let values = min(longest, max(16, room / 2))
        var lines = [Self.row(["NAME", "VALUE", "ORIGIN"], [names, values])]
        for setting in settings {
            let value = Self.wrapped(setting.value.isEmpty ? "-" : setting.value, width: values)
            let origin = Self.wrapped(setting.origin, width: room - values)
            for index in 0..<max(value.count, origin.count) {
                let cells = [
                    index == 0 ? setting.name : "",
                    index < value.count ? value[index] : "",
                    index < origin.count ? origin[index] : "",
                ]
                lines.append(Self.row(cells, [names, values]))
            }
        }
        lines.append("")
        for finding in findings {
            lines.append(finding.summary)
            if !finding.hint.isEmpty { lines.append("    " + finding.hint) }
        }
        if !findings.isEmpty { lines.append("") }
        lines.append(verdict)
        return lines.joined(separator: "\n") + "\n"
    }

    private var verdict: String {
        let counts = ConfigurationFinding.Severity.allCases.compactMap { severity -> String? in
            let count = findings.count { $0.severity == severity }
            return count == 0 ? nil : "\(count) \(severity.rawValue)\(count == 1 ? "" : "s")"
        }
        let tail = counts.isEmpty ? "" : ": " + counts.joined(separator: ", ")
        return valid ? "The configuration is valid\(tail)." : "The configuration is not valid\(tail)."
    }

    private static func row(_ cells: [String], _ widths: [Int]) -> String {
        var line = ""
        for (cell, width) in zip(cells, widths) {
            line += cell + String(repeating: " ", count: max(0, width - cell.count) + 2)
        }
        line += cells.last ?? ""
        return String(line.reversed().drop { $0 == " " }.reversed())
    }

    /// Cut after spaces where there is one in the line, else anywhere.
    private static func wrapped(_ text: String, width: Int) -> [String] {
        var rest = Array(text)[...]
        var lines: [String] = []
        while rest.count > width {
            let head = rest.prefix(width)
            let cut = head.lastIndex(of: " ").map { $0 + 1 } ?? head.endIndex
            lines.append(String(rest[rest.startIndex..<cut]))
            rest = rest[cut...]
        }
        lines.append(String(rest))
        return lines
    }
}
