import Testing

@testable import Reception

@Suite
struct SchemaReportTests {
    @Test
    func `a database with one of the reception's own tables is the application's, whatever else is missing`() {
        let all = ReceptionTable.allCases
        for number in 0..<(1 << all.count) {
            var report = SchemaReport()
            report.missingTables = all.indices.filter { number & (1 << $0) != 0 }.map { all[$0] }
            let isElsewhere = Set(report.missingTables).isSuperset(of: [.posts, .tickets, .lines])
            #expect(report.isApplication == !isElsewhere, "\(report.missingTables)")
        }
    }
}
