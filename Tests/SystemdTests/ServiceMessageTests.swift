import Systemd
import Testing

/// What is sent to the service manager, as sd_notify(3) has it.
@Suite
struct ServiceMessageTests {
    @Test(
        arguments: [
            (.ready(), "READY=1"),
            (.ready(status: "OK"), "READY=1\nSTATUS=OK"),
            (.status("WARNING: old"), "STATUS=WARNING: old"),
            (.status("two\nlines\r\nREADY=1"), "STATUS=two lines READY=1"),
            (.reloading(at: 1_234_567), "RELOADING=1\nMONOTONIC_USEC=1234567"),
            (.stopping(status: "bye"), "STOPPING=1\nSTATUS=bye"),
            (.alive, "WATCHDOG=1"),
            (.extendTimeout(by: .seconds(10)), "EXTEND_TIMEOUT_USEC=10000000"),
            (.extendTimeout(by: .milliseconds(1_500)), "EXTEND_TIMEOUT_USEC=1500000"),
        ] as [(ServiceMessage, String)]
    )
    func `each message has its form`(message: ServiceMessage, expected: String) {
        #expect(message.text == expected)
    }

    @Test
    func `a long status is cut between characters`() {
        let text = ServiceMessage.status(String(repeating: "é", count: 400)).text
        #expect(text.utf8.count <= "STATUS=".utf8.count + 300)
        #expect(text.hasSuffix("é…"))
    }

    @Test
    func `a reload is framed, whatever comes of it`() {
        struct Refused: Error {}
        let sent = Messages()
        let notifier = ServiceNotifier { sent.add($0) }
        #expect(notifier.reloading { 7 } == 7)
        #expect(throws: Refused.self) { try notifier.reloading { throw Refused() } }
        let firstLines = sent.all.map { $0.split(separator: "\n").first.map(String.init) }
        #expect(firstLines == ["RELOADING=1", "READY=1", "RELOADING=1", "READY=1"])
    }
}
