import Foundation
import PostgresClient
import TestSupport
import Testing

@Suite struct ValueTests {
    private func roundTrip<Value: PostgresEncodable & PostgresDecodable>(_ value: Value, _ type: String) async throws
        -> Value
    {
        let server = try await SharedServer.get()
        let connection = try await Connection.connect(server.settings())
        return try await connection.query("SELECT $1::\(type) AS value", [value]).onlyRow().decode("value")
    }

    @Test(arguments: ["", "plain", "é€𝄞", "quote ' \" \\ \n end", String(repeating: "x", count: 100_000)])
    func `text goes there and back`(text: String) async throws {
        #expect(try await roundTrip(text, "text") == text)
    }

    @Test func `numbers go there and back`() async throws {
        for number in [0, -1, Int64.max, .min] { #expect(try await roundTrip(number, "bigint") == number) }
        #expect(try await roundTrip(Int32.min, "integer") == .min)
        #expect(try await roundTrip(42, "bigint") == 42)
        for number in [0.1, -1e300, Double.leastNonzeroMagnitude, .infinity, -.infinity] {
            #expect(try await roundTrip(number, "double precision") == number)
        }
        #expect(try await roundTrip(Double.nan, "double precision").isNaN)
    }

    @Test func `truth, bytes, ids and positions go there and back`() async throws {
        for truth in [true, false] { #expect(try await roundTrip(truth, "boolean") == truth) }
        let bytes = (0...255).map { UInt8($0) }
        #expect(try await roundTrip(bytes, "bytea") == bytes)
        #expect(try await roundTrip([UInt8](), "bytea").isEmpty)
        let id = UUID()
        #expect(try await roundTrip(id, "uuid") == id)
        #expect(try await roundTrip(LSN(0x12_3456_789A), "pg_lsn") == LSN(0x12_3456_789A))
    }

    @Test(arguments: [0, 1.5, -1.25, 946_684_800, 1_795_312_800.123456, -62_135_596_800, 253_402_300_799.5])
    func `moments go there and back`(seconds: Double) async throws {
        let back = try await roundTrip(Date(timeIntervalSince1970: seconds), "timestamptz")
        #expect(abs(back.timeIntervalSince1970 - seconds) < 1e-4)
    }

    @Test func `moments are read as the server prints them, whatever the role's settings`() async throws {
        let server = try await PrivatePostgres.started()
        try server.execute(
            "ALTER ROLE postgres SET timezone = 'Asia/Kolkata'; ALTER ROLE postgres SET datestyle = 'German'"
        )
        let connection = try await Connection.connect(server.settings())
        let row = try await connection.query(
            "SELECT to_timestamp(1795312800.25) AS now, 'infinity'::timestamptz AS never, '0004-01-01 BC'::date::timestamptz AS old"
        ).onlyRow()
        #expect(try row.decode("now") == Date(timeIntervalSince1970: 1_795_312_800.25))
        #expect(throws: PostgresError.self) { try row.decode("never", as: Date.self) }
        #expect(throws: PostgresError.self) { try row.decode("old", as: Date?.self) }
    }

    @Test func `NULL needs an optional`() async throws {
        let server = try await SharedServer.get()
        let connection = try await Connection.connect(server.settings())
        let row = try await connection.query(
            "SELECT $1::int AS nothing, 1 AS one, 'x' AS letter",
            [Int?.none]
        ).onlyRow()
        #expect(try row.decode("nothing", as: Int?.self) == nil)
        #expect(try row.decode("one", as: Int?.self) == 1)
        #expect(row.texts == [nil, "1", "x"])
        let null = try #require(throws: PostgresError.self) { try row.decode("nothing", as: Int.self) }
        #expect(null.message == "the column 'nothing' is NULL where Int is expected")
        let wrong = try #require(throws: PostgresError.self) { try row.decode("letter", as: Int?.self) }
        #expect(wrong.message.contains("the column 'letter' holds 'x'"))
        let missing = try #require(throws: PostgresError.self) { try row.decode("two", as: Int.self) }
        #expect(missing.message == "there is no column 'two', only nothing, one, letter")
        #expect(throws: PostgresError.self) { try row.decode(3, as: Int.self) }
    }
}
