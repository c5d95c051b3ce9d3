import Testing

@testable import Reception

@Suite
struct ReceptionTroublesTests {
    private static let slow = ReceptionError.tooSlow(seconds: 15)

    @Test
    func `the first trouble is told, and the end of the last`() {
        var troubles = ReceptionTroubles()
        let told = [
            troubles.figuresCame(), troubles.userCame(), troubles.figuresFailed(Self.slow),
            troubles.figuresFailed(ReceptionError.tablesMissing([.sales])),
            troubles.userFailed(ReceptionError.notPermitted([.users], role: "reader")),
            troubles.figuresCame(), troubles.userCame(), troubles.userCame(), troubles.figuresCame(),
        ]
        #expect(told == [false, false, true, false, false, false, true, false, false])
    }

    @Test
    func `an outage that a user's request met ends with the next figures, and what lacks of users does not`() {
        var troubles = ReceptionTroubles()
        let outage = [troubles.userFailed(Self.slow), troubles.userCame(), troubles.figuresCame()]
        #expect(outage == [true, false, true])
        let lack = ReceptionError.columnsMissing([.init(.users, "role")])
        let lacking = [troubles.userFailed(lack), troubles.figuresCame(), troubles.userCame()]
        #expect(lacking == [true, false, true])
    }

    @Test
    func `what the daemon itself refuses says nothing of the database`() {
        var troubles = ReceptionTroubles()
        let refused = [ReceptionError.tooMany, .stopping].flatMap {
            [troubles.figuresFailed($0), troubles.userFailed($0)]
        }
        #expect(refused == [false, false, false, false])
    }
}
