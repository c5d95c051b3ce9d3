import Synchronization
import Varlink
import VarlinkServer

/// A service with methods that behave in every way a server must cope with.
final class EchoService: Sendable {
    static let text = """
        interface org.example.echo
        method Echo(text: string) -> (text: string)
        method Count(to: int) -> (number: int)
        method Flood(bytes: int) -> (number: int, filling: string)
        method Watch() -> (number: int)
        method Note(text: string) -> ()
        method Hang() -> ()
        method Fail(name: string) -> ()
        method Caller() -> (uid: int, pid: int)
        method Lie() -> (number: int)
        method Absent() -> ()
        error Refused (name: string)
        """

    struct Refusal: VarlinkErrorConvertible {
        let name: String
        var varlinkError: VarlinkError { VarlinkError(name: "org.example.echo.Refused", parameters: ["name": name]) }
    }

    struct Unexpected: Error {}

    private let state = Mutex<(notes: [String], running: Int, cancelled: Int)>(([], 0, 0))

    /// What `Note` was called with.
    var notes: [String] { state.withLock { $0.notes } }
    /// How many calls of `Hang` and `Watch` are under way.
    var running: Int { state.withLock { $0.running } }
    /// How many of them ended by cancellation.
    var cancelled: Int { state.withLock { $0.cancelled } }

    private struct TextInput: Decodable, Sendable { let text: String }
    private struct CountInput: Decodable, Sendable { let to: Int }
    private struct FloodInput: Decodable, Sendable { let bytes: Int }
    private struct FailInput: Decodable, Sendable { let name: String }
    private struct Number: Encodable, Sendable { let number: Int }

    func interface() throws -> ServedInterface {
        var interface = try ServedInterface(Self.text)
        interface.handle("Echo") { (input: TextInput, _) in ["text": input.text] }
        interface.handle("Count") { (input: CountInput, call) in
            for number in 1..<max(1, input.to) { try await call.replies.send(Number(number: number)) }
            return Number(number: input.to)
        }
        interface.handle("Flood") { (input: FloodInput, call) in
            let filling = JSONValue.string(String(repeating: "x", count: 4096))
            for number in 0..<(input.bytes / 4096) {
                try await call.replies.send(["number": .integer(Int64(number)), "filling": filling] as JSONValue)
            }
            return ["number": -1, "filling": ""] as JSONValue
        }
        interface.handle("Watch") { call in
            try call.requireMore()
            try await call.replies.send(Number(number: 0))
            return try await self.hang(Number(number: 1))
        }
        interface.handle("Hang") { _ in try await self.hang(NoParameters()) }
        interface.handle("Note") { (input: TextInput, _) in
            self.state.withLock { $0.notes.append(input.text) }
            return NoParameters()
        }
        interface.handle("Fail") { (input: FailInput, _) -> NoParameters in
            if input.name == "unexpected" { throw Unexpected() }
            throw Refusal(name: input.name)
        }
        interface.handle("Caller") { call in
            ["uid": Int(call.peer.userID), "pid": Int(call.peer.processID)]
        }
        interface.handle("Lie") { _ in ["number": "not a number"] }
        return interface
    }

    private func hang<Output: Sendable>(_ output: Output) async throws -> Output {
        state.withLock { $0.running += 1 }
        defer { state.withLock { $0.running -= 1 } }
        do {
            try await Task.sleep(for: .seconds(600))
        } catch {
            state.withLock { $0.cancelled += 1 }
            throw error
        }
        return output
    }
}
