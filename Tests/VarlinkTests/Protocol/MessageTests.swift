import Testing
import Varlink

struct MessageTests {
    @Test func `A call leaves out what is false or empty`() throws {
        let plain = String(decoding: VarlinkCall(method: "a.b.C").serialized, as: UTF8.self)
        #expect(plain == "{\"method\":\"a.b.C\"}\0")
        let call = VarlinkCall(method: "a.b.C", parameters: ["x": 1], oneway: true, more: true, upgrade: true)
        #expect(call.serialized.last == 0)
        #expect(try VarlinkCall(parsing: call.serialized.dropLast()) == call)
    }

    @Test func `A last reply has no continues`() throws {
        let last = String(decoding: VarlinkReply(parameters: ["x": 1]).serialized, as: UTF8.self)
        #expect(last == "{\"parameters\":{\"x\":1}}\0")
        for reply in [VarlinkReply(continues: true), VarlinkReply(VarlinkError.invalidParameter("a"))] {
            #expect(try VarlinkReply(parsing: reply.serialized.dropLast()) == reply)
        }
    }

    @Test(arguments: [
        "", "{", "[]", "1", "{}", "{\"method\":1}", "{\"method\":\"a\",\"parameters\":[]}",
        "{\"method\":\"a\",\"more\":1}", "{\"method\":\"a\",\"oneway\":\"x\"}", "{\"method\":\"a\"}{}",
    ])
    func `What is no call is refused`(text: String) {
        #expect(throws: VarlinkProtocolError.self) { try VarlinkCall(parsing: Array(text.utf8)) }
    }

    @Test func `Absent and null members of a message mean the same`() throws {
        let text = "{\"method\":\"a.B\",\"parameters\":null,\"more\":null,\"unknown\":[]}"
        #expect(try VarlinkCall(parsing: Array(text.utf8)) == VarlinkCall(method: "a.B"))
    }

    @Test(arguments: [
        ("org.example.Do", "org.example", "Do"), ("Do", "", "Do"), (".", "", ""), ("a.b.", "a.b", ""),
    ])
    func `A method's name splits at its last dot`(full: String, interface: String, method: String) {
        let call = VarlinkCall(method: full)
        #expect(call.interfaceName == interface)
        #expect(call.methodName == method)
    }

    @Test func `An error takes its parameters from any message type`() throws {
        struct Detail: Codable, Equatable { var id: String }
        let error = VarlinkError(name: "a.b.NotFound", parameters: Detail(id: "x"))
        #expect(error.parameters == ["id": "x"])
        #expect(try error.decodeParameters(as: Detail.self) == Detail(id: "x"))
        #expect(error.description == "a.b.NotFound {\"id\":\"x\"}")
    }
}

extension VarlinkCall {
    init(parsing bytes: ArraySlice<UInt8>) throws { try self.init(parsing: Array(bytes)) }
}

extension VarlinkReply {
    init(parsing bytes: ArraySlice<UInt8>) throws { try self.init(parsing: Array(bytes)) }
}
