import Monitoring

/// A message as a page: the same words, the subject above, commands in a box. It loads nothing from anywhere.
enum MailHTML {
    /// The page, with LF as line ends.
    static func page(_ message: AlertMessage) -> String {
        let subject = escaped(PlainText.line(message.subject))
        return """
            <!DOCTYPE html>
            <html><head><meta charset="utf-8"><title>\(subject)</title></head>
            <body style="font-family: sans-serif; line-height: 1.4; max-width: 46em; margin: 1em">
            <h1 style="font-size: 1.2em; color: \(colour(message.level))">\(subject)</h1>
            \(paragraphs(of: message.body).joined(separator: "\n"))
            </body></html>
            """
    }

    private static func colour(_ level: HealthLevel) -> String {
        switch level {
        case .ok: "#1a7f37"
        case .warning: "#9a6700"
        case .critical: "#cf222e"
        }
    }

    private static func paragraphs(of body: String) -> [String] {
        var result: [String] = []
        var lines: [String] = []
        var isCommand = false
        func end() {
            guard !lines.isEmpty else { return }
            result.append(
                isCommand
                    ? #"<pre style="background: #f6f8fa; padding: 0.6em; white-space: pre-wrap">"#
                        + lines.joined(separator: "\n") + "</pre>"
                    : "<p>" + lines.joined(separator: "<br>\n") + "</p>"
            )
            lines = []
        }
        for line in body.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            let isNext = line.hasPrefix("    ")
            if line.allSatisfy(\.isWhitespace) {
                end()
                continue
            }
            if isNext != isCommand { end() }
            isCommand = isNext
            lines.append(escaped(String(isNext ? line.drop { $0 == " " } : line)))
        }
        end()
        return result
    }

    /// With the characters that mean something in HTML written as references.
    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
