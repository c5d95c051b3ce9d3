import Repository

extension BackupManifest.Finding {
    /// Large objects that the role may not read; pg_dump would end with the first of them.
    static func largeObjectsLeftOut(_ count: (all: Int64, unreadable: Int64), role: String) -> BackupManifest.Finding {
        BackupManifest.Finding(
            code: "largeObjectsLeftOut",
            message: "none of the \(count.all) large objects are in the dump, for the role \"\(role)\" may not read "
                + "\(count.unreadable) of them: GRANT SELECT ON LARGE OBJECT … TO \(SetupSQL.identifier(role)), or make it "
                + "their owner; pg_read_all_data does not cover them"
        )
    }

    /// Roles that the database needs and pg_dumpall did not write.
    static func rolesMissing(_ roles: [String]) -> BackupManifest.Finding {
        let names = roles.prefix(20).map { "\"\($0)\"" }.joined(separator: ", ")
        let more = roles.count > 20 ? " and \(roles.count - 20) more" : ""
        return BackupManifest.Finding(
            code: "rolesMissing",
            message:
                "roles that own something in the database or have rights on it are not beside it: \(names)\(more); "
                + "if they were renamed or dropped while the dump was taken, the next one is whole"
        )
    }

    /// Whether another program's remark is this one: both read the same database.
    func says(theSameAs other: BackupManifest.Finding) -> Bool {
        isRemark && other.isRemark && Self.text(message) == Self.text(other.message)
    }

    private static func text(_ message: String) -> Substring {
        message.firstRange(of: " warned: ").map { message[$0.upperBound...] } ?? message[...]
    }
}

extension [BackupManifest.Finding] {
    /// What a program warned of while it did its work; when there was much, the first of it and how much more.
    static func warnings(of program: String, _ messages: ProgramMessages) -> [BackupManifest.Finding] {
        var texts = messages.warnings.map { "\(program) warned: \($0)" }
        let more = messages.lostWarnings
        if more > 0 { texts.append("\(program) warned of \(more) more things") }
        return texts.map { BackupManifest.Finding(code: BackupManifest.Finding.remarkCode, message: $0) }
    }
}
