package import FoundationEssentials

/// A value that can be a query's parameter.
package protocol PostgresEncodable: Sendable {
    /// The parameter as it goes to the server.
    var postgresParameter: PostgresParameter { get }
}

/// A parameter as it goes to the server.
package struct PostgresParameter: Sendable {
    /// The type's OID; 0 lets the server infer it.
    let type: UInt32
    /// The value's bytes; `nil` is NULL.
    let bytes: [UInt8]?
    /// Whether the bytes are the type's binary form.
    let isBinary: Bool

    /// A value in the type's text form.
    package static func text(_ text: String, type: UInt32 = 0) -> PostgresParameter {
        PostgresParameter(type: type, bytes: Array(text.utf8), isBinary: false)
    }

    /// A value in the type's binary form.
    package static func binary(_ bytes: [UInt8], type: UInt32) -> PostgresParameter {
        PostgresParameter(type: type, bytes: bytes, isBinary: true)
    }

    /// NULL.
    package static let null = PostgresParameter(type: 0, bytes: nil, isBinary: false)
}

extension String: PostgresEncodable {
    /// Text without a type, so that it fits `uuid`, `name`, `json`, … as a literal does.
    package var postgresParameter: PostgresParameter { .text(self) }
}

extension Bool: PostgresEncodable {
    /// `boolean`.
    package var postgresParameter: PostgresParameter { .text(self ? "t" : "f", type: 16) }
}

extension Int: PostgresEncodable {
    /// `bigint`.
    package var postgresParameter: PostgresParameter { .text(String(self), type: 20) }
}

extension Int64: PostgresEncodable {
    /// `bigint`.
    package var postgresParameter: PostgresParameter { .text(String(self), type: 20) }
}

extension Int32: PostgresEncodable {
    /// `integer`.
    package var postgresParameter: PostgresParameter { .text(String(self), type: 23) }
}

extension Double: PostgresEncodable {
    /// `double precision`.
    package var postgresParameter: PostgresParameter {
        if isNaN { return .text("NaN", type: 701) }
        if isInfinite { return .text(self < 0 ? "-Infinity" : "Infinity", type: 701) }
        return .text(String(self), type: 701)
    }
}

extension [UInt8]: PostgresEncodable {
    /// `bytea`.
    package var postgresParameter: PostgresParameter { .binary(self, type: 17) }
}

extension Date: PostgresEncodable {
    /// `timestamptz`, rounded to its microseconds.
    package var postgresParameter: PostgresParameter {
        let microseconds = ((timeIntervalSince1970 - PostgresTime.epoch) * 1_000_000).rounded()
        let value = Int64(exactly: microseconds) ?? (microseconds < 0 ? .min : .max)
        return .binary(withUnsafeBytes(of: value.bigEndian) { Array($0) }, type: 1184)
    }
}

extension UUID: PostgresEncodable {
    /// `uuid`.
    package var postgresParameter: PostgresParameter { .text(uuidString, type: 2950) }
}

extension LSN: PostgresEncodable {
    /// `pg_lsn`.
    package var postgresParameter: PostgresParameter { .text(description, type: 3220) }
}

extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
    /// The value, or NULL.
    package var postgresParameter: PostgresParameter { self?.postgresParameter ?? .null }
}
