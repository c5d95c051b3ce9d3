import Glibc

/// How a drill's programs are started: in a session of their own, as the chosen user, guarded so that they end when we do.
struct ConfinedCommand {
    /// What the shells that guard and confine are called among their arguments.
    static let names: Set<Substring> = ["recyclic-guard", "recyclic-confine"]

    /// As whom.
    let user: DrillUser
    /// The folders that the programs may write to.
    let writableFolders: [String]

    /// The command and arguments that start `program` with a guard around it.
    ///
    /// The guard reads from its standard input: a line makes it ask the program to stop (SIGINT, which is PostgreSQL's
    /// fast shutdown); the end of the input, which is what our death looks like, makes it end the program at once
    /// (SIGQUIT, then SIGKILL).
    func command(_ program: String, _ arguments: [String]) -> (path: String, arguments: [String]) {
        let guarded = ["/bin/sh", "-c", Self.guardScript, "recyclic-guard", program] + arguments
        switch user {
        case .ourselves:
            return ("/usr/bin/setpriv", ["--no-new-privs", "--"] + guarded)
        case .switching(_, let uid, let gid):
            let identity = ["--reuid", "\(uid)", "--regid", "\(gid)", "--clear-groups", "--no-new-privs", "--"]
            return ("/usr/bin/setpriv", identity + guarded)
        case .confined:
            let namespace = ["--user", "--map-root-user", "--mount", "--propagation", "private", "--"]
            let script = ["/bin/sh", "-c", Self.confinementScript, "recyclic-confine"]
            let identity = ["\(geteuid())", "\(getegid())", "\(writableFolders.count)"]
            return ("/usr/bin/unshare", namespace + script + identity + writableFolders + guarded)
        }
    }

    /// Whether the namespace of ``DrillUser/confined`` can be made here.
    static func canConfine(in folder: String) -> Bool {
        let command = ConfinedCommand(user: .confined, writableFolders: [folder]).command("/bin/true", [])
        let deadline = DrillDeadline(in: .seconds(20))
        guard let child = try? ChildProcess(command.path, command.arguments, output: { _ in }),
            let status = try? child.wait(deadline: deadline, cancellation: nil)
        else { return false }
        return status == .exited(0)
    }

    private static let guardScript = """
        exec 3<&0
        "$@" </dev/null 3<&- &
        child=$!
        {
            if read -r word <&3; then kill -INT $child; else kill -QUIT $child; fi
            read -r word <&3
            sleep 10
            kill -KILL $child
        } >/dev/null 2>&1 &
        watcher=$!
        wait $child
        code=$?
        kill $watcher 2>/dev/null
        exit $code
        """

    /// Makes every mount but those of the writable folders read-only, checks that this took hold, and goes back to the
    /// user's own id, for PostgreSQL refuses to run as root even in a namespace. /proc stays as it is: the second
    /// namespace is set up through it, and no data lies there.
    private static let confinementScript = """
        set -e
        uid=$1; gid=$2; count=$3; shift 3
        kept=
        while [ "$count" -gt 0 ]; do
            mount --bind -- "$1" "$1"
            kept="$kept $1 "
            shift; count=$((count - 1))
        done
        list() { while read -r id parent device root point options rest; do
            point=$(printf '%b' "$point")
            case "$kept" in *" $point "*) continue ;; esac
            printf '%s\\n' "$options $point"
        done </proc/self/mountinfo; }
        list | while read -r options point; do
            case ",$options," in *,ro,*) continue ;; esac
            case "$point" in /proc|/proc/*) continue ;; esac
            mount -o "remount,bind,ro,${options#rw,}" -- "$point" 2>/dev/null || true
        done
        list | while read -r options point; do
            case ",$options," in *,ro,*) continue ;; esac
            case "$point" in /proc|/proc/*|/sys|/sys/*|/dev|/dev/*) continue ;; esac
            echo "'$point' is still writable" >&2
            exit 125
        done
        cd /
        exec unshare --user --map-user="$uid" --map-group="$gid" -- "$@"
        """
}
