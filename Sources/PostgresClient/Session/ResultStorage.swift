import CLibpq

/// Owns one libpq result.
///
/// `@unchecked Sendable`: a `PGresult` is not changed after libpq hands it out, and libpq allows reading it from any
/// thread (manual, "Behavior in Threaded Programs"); only `deinit` frees it.
final class ResultStorage: @unchecked Sendable {
    let result: OpaquePointer
    let columns: [String]

    /// Takes ownership of a result.
    init(_ result: OpaquePointer) {
        self.result = result
        columns = (0..<PQnfields(result)).map { column in
            PQfname(result, column).map { String(cString: $0) } ?? ""
        }
    }

    deinit {
        PQclear(result)
    }

    var status: ExecStatusType {
        PQresultStatus(result)
    }

    var rowCount: Int {
        Int(PQntuples(result))
    }

    var command: String {
        PQcmdStatus(result).map { String(cString: $0) } ?? ""
    }

    var affectedRows: Int? {
        PQcmdTuples(result).flatMap { Int(String(cString: $0)) }
    }

    /// A cell's text; `nil` is NULL.
    func text(row: Int, column: Int) -> String? {
        bytes(row: row, column: column) { String(decoding: $0, as: UTF8.self) }
    }

    /// Hands a cell's bytes to a closure; `nil` is NULL.
    func bytes<Value>(row: Int, column: Int, _ body: (UnsafeRawBufferPointer) -> Value) -> Value? {
        let (row, column) = (Int32(row), Int32(column))
        guard PQgetisnull(result, row, column) == 0, let value = PQgetvalue(result, row, column) else { return nil }
        return body(UnsafeRawBufferPointer(start: value, count: Int(PQgetlength(result, row, column))))
    }

    /// What the server said, when the result is an error or a notice.
    var notice: Notice {
        Self.notice(in: result)
    }

    /// Reads the fields of a result that is an error or a notice.
    static func notice(in result: OpaquePointer) -> Notice {
        func field(_ code: Unicode.Scalar) -> String? {
            PQresultErrorField(result, Int32(code.value)).map { String(cString: $0) }
        }
        // The field codes are those of the protocol's ErrorResponse: V severity in English, C code, M, D, H.
        let primary = field("M") ?? PQresultErrorMessage(result).map { String(cString: $0) } ?? ""
        return Notice(
            severity: field("V") ?? field("S") ?? "",
            sqlState: field("C") ?? "",
            message: primary.split(whereSeparator: \.isNewline).joined(separator: "; "),
            detail: field("D"),
            hint: field("H")
        )
    }
}
