/// The bytes of a file before its lines are looked at: marks and line ends that Windows editors leave.
enum EnvironmentFileBytes {
    static let encodingHint = "Save the file as plain text in UTF-8 without byte order mark."

    /// The bytes with LF alone as line end and without byte order marks; `nil`, after a remark, when it is no such text.
    static func normalized(_ bytes: [UInt8], path: String, remarks file: inout EnvironmentFile) -> [UInt8]? {
        func remark(_ severity: ConfigurationFinding.Severity, _ line: Int, _ message: String, _ hint: String) {
            let finding = ConfigurationFinding(severity, file: path, line: line, message: message, hint: hint)
            file.append(EnvironmentFile.Remark(name: nil, finding: finding))
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            remark(.error, 1, "the file is in UTF-16", encodingHint)
            return nil
        }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var line = 1
        var firstReturn: Int?
        var linesWithReturn = 0
        var index = 0
        while index < bytes.count {
            let isLineStart = result.isEmpty || result.last == .newline
            if isLineStart, bytes[index...].starts(with: [0xEF, 0xBB, 0xBF]) {
                remark(.warning, line, "a byte order mark (BOM) at the beginning of the line, taken off", encodingHint)
                index += 3
                continue
            }
            switch bytes[index] {
            case .carriageReturn:
                firstReturn = firstReturn ?? line
                linesWithReturn += 1
                while index < bytes.count, bytes[index] == .carriageReturn { index += 1 }
                // Before LF and at the end it is part of the line end; alone it is one, as for systemd.
                if index < bytes.count, bytes[index] != .newline {
                    result.append(.newline)
                    line += 1
                }
            case .newline:
                result.append(.newline)
                line += 1
                index += 1
            default:
                result.append(bytes[index])
                index += 1
            }
        }
        if let firstReturn {
            remark(
                .warning,
                firstReturn,
                "carriage returns (CR, Windows line ends) from this line on, \(linesWithReturn) in all, taken off",
                #"Take them off with: sed -i 's/\r$//' \#(path)"#
            )
        }
        return result
    }
}

extension UInt8 {
    static let newline = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let tab = UInt8(ascii: "\t")
    static let space = UInt8(ascii: " ")
    static let hash = UInt8(ascii: "#")
    static let semicolon = UInt8(ascii: ";")
    static let equals = UInt8(ascii: "=")
    static let underscore = UInt8(ascii: "_")
    static let backslash = UInt8(ascii: "\\")
    static let singleQuote = UInt8(ascii: "'")
    static let doubleQuote = UInt8(ascii: "\"")
    static let dollar = UInt8(ascii: "$")
    static let backtick = UInt8(ascii: "`")

    var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

    var isLetter: Bool {
        (self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z"))
            || (self >= UInt8(ascii: "a") && self <= UInt8(ascii: "z"))
    }
}
