import Glibc
import Repository

/// As whom a drill's processes run, so that whatever they replay they can write to their scratch and socket folders only.
enum DrillUser: Hashable {
    /// As an unprivileged user who owns no other data directory.
    case switching(name: String, uid: uid_t, gid: gid_t)
    /// As ourselves: nobody, and we own no other data directory.
    case ourselves
    /// As ourselves, inside a mount namespace where all but the two folders is read-only.
    case confined

    /// A user of this machine.
    struct Account: Hashable {
        let name: String
        let uid: uid_t
        let gid: gid_t
    }

    /// What the decision hangs on.
    struct Situation {
        /// Our effective user.
        var uid: uid_t
        /// `DRILL_USER`.
        var asked: String?
        /// The users who own a data directory that is not a drill's: of running servers, and of the source.
        var ownersOfData: Set<uid_t>
        /// Looks a user up by name.
        var account: (String) -> Account?
        /// Whether a user and mount namespace can be made.
        var canConfine: () -> Bool
    }

    /// Whom the folders of a drill belong to; `nil` for ourselves.
    var owner: ExtractionLayout.Owner? {
        if case .switching(_, let uid, let gid) = self { return .init(uid: uid, gid: gid) }
        return nil
    }

    /// Whether it is another user than ourselves.
    var isSwitching: Bool { owner != nil }

    /// Decides by what is known of this machine.
    ///
    /// - Throws: ``DrillObstacle``, cannot judge.
    static func choose(for options: DrillOptions) throws -> DrillUser {
        var owners = RunningServers.owners(outside: options.directory)
        if let source = options.sourceUser { owners.insert(source) }
        return try choose(
            Situation(
                uid: geteuid(),
                asked: options.user,
                ownersOfData: owners,
                account: { name in
                    getpwnam(name).map { .init(name: name, uid: $0.pointee.pw_uid, gid: $0.pointee.pw_gid) }
                },
                canConfine: {
                    let folder = options.runtimeDirectory
                    return (try? Folders.makeParents(folder)) != nil && ConfinedCommand.canConfine(in: folder)
                }
            )
        )
    }

    /// Decides.
    ///
    /// - Throws: ``DrillObstacle``, cannot judge, when every way could write to somebody's database.
    static func choose(_ situation: Situation) throws -> DrillUser {
        guard situation.uid == 0 else {
            guard situation.ownersOfData.contains(situation.uid) else { return .ourselves }
            guard situation.canConfine() else {
                throw DrillObstacle.cannotJudge(
                    "this user also owns a database, and no namespace can be made to keep the drill away from it",
                    hints: [
                        "Run recyclicd as a user of its own, or allow user namespaces (sysctl user.max_user_namespaces)."
                    ]
                )
            }
            return .confined
        }
        let names = situation.asked.map { [$0] } ?? ["recyclic", "nobody"]
        var refused: [String] = []
        for name in names {
            guard let account = situation.account(name) else {
                refused.append("there is no user '\(name)'")
                continue
            }
            guard account.uid != 0 else {
                refused.append("'\(name)' is root")
                continue
            }
            guard !situation.ownersOfData.contains(account.uid) else {
                refused.append("'\(name)' owns a database on this machine")
                continue
            }
            return .switching(name: name, uid: account.uid, gid: account.gid)
        }
        throw DrillObstacle.cannotJudge(
            "no user can run the drill: \(refused.joined(separator: ", "))",
            hints: ["adduser --system --group --no-create-home recyclic, or set DRILL_USER to an unprivileged user."]
        )
    }
}
