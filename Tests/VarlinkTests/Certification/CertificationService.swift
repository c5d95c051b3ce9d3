import Synchronization
import Varlink
import VarlinkServer

/// A service that compares each call of the certification exactly, and remembers what went wrong: the Python client
/// itself checks next to nothing.
final class CertificationService: Sendable {
    private struct Step {
        let method: String
        let parameters: [String: JSONValue]
        var more = false
        var oneway = false
        let reply: [String: JSONValue]
    }

    private static let structure: [String: JSONValue] = [
        "bool": false, "int": 2, "float": .number(.pi), "string": "a lot of string",
    ]
    private static let map: JSONValue = ["foo": "Foo", "bar": "Bar"]
    private static let set: JSONValue = ["one": [:], "two": [:], "three": [:]]
    private static let myType: JSONValue = [
        "object": ["method": "org.varlink.certification.Test09", "parameters": ["map": map]],
        "enum": "two",
        "struct": ["first": 1, "second": "2"],
        "array": ["one", "two", "three"],
        "dictionary": map,
        "stringset": set,
        "nullable": nil,
        "nullable_array_struct": nil,
        "interface": [
            "foo": [nil, ["foo": "foo", "bar": "bar"], nil, ["one": "foo", "two": "bar"]],
            "anon": ["foo": true, "bar": false],
        ],
    ]

    private static let steps = [
        Step(method: "Test01", parameters: [:], reply: ["bool": true]),
        Step(method: "Test02", parameters: ["bool": true], reply: ["int": 1]),
        Step(method: "Test03", parameters: ["int": 1], reply: ["float": 1.0]),
        Step(method: "Test04", parameters: ["float": 1.0], reply: ["string": "ping"]),
        Step(method: "Test05", parameters: ["string": "ping"], reply: structure),
        Step(method: "Test06", parameters: structure, reply: ["struct": .object(structure)]),
        Step(method: "Test07", parameters: ["struct": .object(structure)], reply: ["map": map]),
        Step(method: "Test08", parameters: ["map": map], reply: ["set": set]),
        Step(method: "Test09", parameters: ["set": set], reply: ["mytype": myType]),
        Step(method: "Test10", parameters: ["mytype": myType], more: true, reply: ["string": "Reply number 10"]),
        Step(
            method: "Test11",
            parameters: ["last_more_replies": .array((1...10).map { .string("Reply number \($0)") })],
            oneway: true,
            reply: [:]
        ),
        Step(method: "End", parameters: [:], reply: ["all_ok": true]),
    ]

    private let state = Mutex<(next: [String: Int], faults: [String], passed: Int)>(([:], [], 0))

    /// What the clients did wrong.
    var faults: [String] { state.withLock { $0.faults } }
    /// How many clients came through to the end.
    var passed: Int { state.withLock { $0.passed } }

    func interface() throws -> ServedInterface {
        var interface = try ServedInterface(certificationInterface)
        interface.handle("Start") { call in
            let id = "client-\(UInt64.random(in: .min ... .max))"
            self.state.withLock { state in
                state.next[id] = 0
                if !call.message.parameters.isEmpty { state.faults.append("Start with parameters") }
            }
            return ["client_id": id]
        }
        for (index, step) in Self.steps.enumerated() {
            interface.handle(step.method) { call in
                try self.check(call, step, index)
                if step.more {
                    for number in 1..<10 { try await call.replies.send(["string": "Reply number \(number)"]) }
                }
                return JSONValue.object(step.reply)
            }
        }
        return interface
    }

    private func check(_ call: VarlinkServerCall, _ step: Step, _ index: Int) throws {
        var got = call.message.parameters
        let id = got.removeValue(forKey: "client_id")?.stringValue ?? ""
        try state.withLock { state in
            guard let next = state.next[id] else {
                state.faults.append("\(step.method) of an unknown client")
                throw VarlinkError(name: "org.varlink.certification.ClientIdError")
            }
            let gotText = JSONValue.object(got).comparable.description
            let wantsText = JSONValue.object(step.parameters).comparable.description
            guard
                next == index, gotText == wantsText, call.message.more == step.more,
                call.message.oneway == step.oneway
            else {
                state.next[id] = nil
                state.faults.append("\(step.method): wants \(wantsText), got \(gotText) (\(call.message))")
                throw VarlinkError(
                    name: "org.varlink.certification.CertificationError",
                    parameters: ["wants": .object(step.parameters), "got": .object(got)]
                )
            }
            state.next[id] = index + 1
            if index == Self.steps.count - 1 { state.passed += 1 }
        }
    }
}

extension JSONValue {
    /// Without the differences that JSON's users do not see: `1` and `1.0`, an absent member and `null`.
    var comparable: JSONValue {
        switch self {
        case .integer(let value): .number(Double(value))
        case .array(let elements): .array(elements.map(\.comparable))
        case .object(let members): .object(members.filter { !$0.value.isNull }.mapValues(\.comparable))
        default: self
        }
    }
}
