import Testing
import Varlink

@testable import ControlAPI

@Suite struct InterfaceTests {
    private static let interface: InterfaceDescription = {
        // The text is our own and is parsed by the first test with a proper message.
        guard let interface = try? InterfaceDescription(parsing: ControlInterface.description) else {
            preconditionFailure("the interface description does not parse")
        }
        return interface
    }()

    @Test("the interface description parses and has the interface's name")
    func parses() throws {
        let interface = try InterfaceDescription(parsing: ControlInterface.description)
        #expect(interface.name == ControlInterface.name)
    }

    @Test("every method has message types, and every message type a method")
    func methods() {
        let types: [any ControlMethod.Type] = [
            GetStatus.self, TriggerBackup.self, ListBackups.self, GetBackup.self, PinBackup.self, UnpinBackup.self,
            DeleteBackup.self, ListJobs.self, GetJob.self, WatchJob.self, CancelJob.self, Verify.self, Drill.self,
            GetDrill.self, PlanRetention.self, ApplyRetention.self, Doctor.self, Reload.self,
            GetMetrics.self, GetHistory.self, ListEvents.self, WatchEvents.self, GetReport.self,
            ListAlerts.self, GetAlert.self, AcknowledgeAlert.self, SilenceAlert.self, UnsilenceAlert.self,
            TestAlerts.self,
            GetReceptionStats.self, GetReceptionIndexes.self,
        ]
        #expect(Set(types.map { $0.name }) == Set(Self.interface.methodNames))
    }

    @Test("the errors of the interface are those that the daemon uses")
    func errors() {
        for error in ControlErrorName.allCases {
            let name = error.rawValue.split(separator: ".").last.map(String.init) ?? ""
            #expect(ControlInterface.description.contains("error \(name) ("))
        }
    }
}
