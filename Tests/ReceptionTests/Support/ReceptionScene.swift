import Blocking
import Foundation
import PostgresClient
import Synchronization
import TestSupport
import Testing

@testable import Reception

/// A server with the application's tables, and the service that reads them.
final class ReceptionScene: Sendable {
    let server: PrivatePostgres
    let settings: ConnectionSettings
    let service: ReceptionService
    let catalogue: ConnectionPool
    private let changes = Mutex<[String?]>([])
    private let mode = Mutex(ReceptionMode(isEnabled: true))
    private let offset = Mutex(Duration.zero)

    /// What the service said of its state: an error's code, or `nil` for "available".
    var told: [String?] { changes.withLock { $0 } }

    /// Changes what the configuration says.
    func configure(_ change: (inout ReceptionMode) -> Void) { mode.withLock { change(&$0) } }

    /// Moves the service's clock on.
    func advance(by duration: Duration) { offset.withLock { $0 += duration } }

    /// - Parameters:
    ///   - port: A port of 127.0.0.1 to reach the server at, through a proxy say; the socket when there is none.
    private init(_ server: PrivatePostgres, database: String, user: String, port: Int?, _ limits: ReceptionLimits) {
        self.server = server
        var settings = ConnectionSettings(
            host: port == nil ? server.socketDirectory : "127.0.0.1",
            port: port ?? server.port,
            user: user,
            database: database
        )
        settings.connectTimeout = .seconds(20)
        self.settings = settings
        let catalogue = ConnectionPool(settings)
        self.catalogue = catalogue
        let box = Box()
        service = ReceptionService(
            settings,
            catalogue: catalogue,
            limits: limits,
            mode: { box.scene.withLock { $0 }?.mode.withLock { $0 } ?? ReceptionMode(isEnabled: true) },
            onChange: { error in
                let code = error?.code
                box.scene.withLock { $0 }?.changes.withLock { $0.append(code) }
            },
            clock: { MonotonicTime.sinceStart() + (box.scene.withLock { $0 }?.offset.withLock { $0 } ?? .zero) }
        )
        box.scene.withLock { $0 = self }
    }

    /// Holds the scene for the closures that are made before it; it goes with the service.
    private final class Box: Sendable {
        let scene = Mutex<ReceptionScene?>(nil)
    }

    /// Runs a service against a database of the server for as long as `body` runs.
    static func with(
        _ server: PrivatePostgres,
        database: String = "recyclic",
        user: String = "postgres",
        port: Int? = nil,
        limits: ReceptionLimits = ReceptionLimits(),
        _ body: @Sendable @escaping (ReceptionScene) async throws -> Void
    ) async throws {
        let scene = ReceptionScene(server, database: database, user: user, port: port, limits)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await scene.catalogue.run() }
            group.addTask { await scene.service.run() }
            try await body(scene)
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    /// A server with a sample of the application's data in the database `recyclic`.
    static func sample(
        tickets: Int = 500,
        hasExits: Bool = true,
        _ change: @escaping @Sendable (inout PrivatePostgres.Options) -> Void = { _ in }
    ) async throws -> (PrivatePostgres, RecyclicSample) {
        let server = try await PrivatePostgres.started(change)
        let sample = try await onThread("sample") {
            try RecyclicSample.make(in: server, tickets: tickets, hasExits: hasExits)
        }
        return (server, sample)
    }

    /// Runs SQL as the superuser.
    @discardableResult
    func sql(_ sql: String) async throws -> String {
        let (server, database) = (server, settings.database)
        return try await onThread("psql") { try server.psql(sql, database: database) }
    }

    /// What the rows say when somebody else counts them, for each question; its moment must be on a second.
    func counted(_ questions: [ReceptionQuestion]) async throws -> [[String: String]] {
        let tables = ["poste_reception", "ticket_depot", "ligne_depot", "cash_sessions", "sales", "sale_items"]
        let members = tables.map { "'\($0)', (SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]') FROM \($0) t)" }
        let rows = try await sql("SET timezone = 'UTC'; SELECT jsonb_build_object(\(members.joined(separator: ", ")))")
        let asked = try questions.map { question in
            let moment = try #require(question.moment).formatted(.iso8601).replacing("Z", with: "+00:00")
            return [question.rules.rawValue, moment, question.timeZone, question.site?.uuidString.lowercased()]
        }
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "figures.py").path
        let text = String(decoding: try JSONEncoder().encode(asked), as: UTF8.self)
        let output = try await onThread("python") { try Program.check("python3", [script, text], input: rows) }
        return try JSONDecoder().decode([[String: String]].self, from: Data(output.utf8))
    }

    /// Whether figures are those, whatever zeros there are at the ends of numbers.
    static func expect(_ figures: ReceptionFigures, are expected: [String: String], _ comment: String = "") throws {
        #expect(Set(figures.values.map(\.figure.rawValue)) == Set(expected.keys), "\(comment)")
        for value in figures.values {
            let text = try #require(expected[value.figure.rawValue])
            let number = try #require(FixedPoint(postgresText: text, decimals: value.figure.decimals), "\(text)")
            #expect(value.number == number, "\(comment): \(value.figure.rawValue)")
        }
    }
}

/// A time as PostgreSQL prints it.
func instant(_ text: String) throws -> Date {
    try #require(Date.decode(postgresText: text))
}
