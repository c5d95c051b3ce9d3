import Varlink

/// Our client going through the certification: each call passes on what the one before returned.
enum CertificationClient {
    static let interface = "org.varlink.certification"

    /// - Returns: whether the service says that all was well.
    /// - Throws: what the service or the connection objects to.
    static func run(path: String) throws -> Bool {
        let client = try VarlinkClient(path: path)
        _ = try InterfaceDescription(parsing: try client.description(ofInterface: interface, timeout: .seconds(30)))
        let timeout = Duration.seconds(30)
        var last = try client.call("\(interface).Start", as: [String: JSONValue].self, timeout: timeout)
        let id = last["client_id"] ?? ""
        func parameters(_ values: [String: JSONValue]) -> [String: JSONValue] {
            values.merging(["client_id": id]) { $1 }
        }
        for number in 1...9 {
            last = try client.call(
                "\(interface).Test0\(number)",
                parameters(last),
                as: [String: JSONValue].self,
                timeout: timeout
            )
        }
        // The Python service sends its client id along with the type; a structure of ours would not have it.
        let myType = parameters(["mytype": last["mytype"] ?? nil])
        var replies: [String] = []
        let final = try client.callMore(
            "\(interface).Test10",
            myType,
            as: [String: String].self,
            timeout: timeout
        ) { replies.append($0["string"] ?? "") }
        replies.append(final["string"] ?? "")
        try client.callOneway(
            "\(interface).Test11",
            parameters(["last_more_replies": .array(replies.map { .string($0) })])
        )
        let end = try client.call("\(interface).End", parameters([:]), as: [String: Bool].self, timeout: timeout)
        return end["all_ok"] == true
    }
}
