/// What can have happened. The raw values are stable: they are part of the `--json` output and lie in old state files.
package enum EventKind: String, Sendable, Hashable, CaseIterable, Codable {
    /// The daemon began to work.
    case daemonStarted
    /// The daemon was asked to stop, and did.
    case daemonStopped
    /// The daemon had ended without being stopped; found at the next start.
    case daemonDied
    /// A changed configuration is in force.
    case configurationReloaded
    /// A configuration with errors was not taken.
    case configurationRefused
    /// A backup exists.
    case backupStored
    /// A backup did not come about.
    case backupFailed
    /// A backup was stopped because somebody asked.
    case backupCancelled
    /// Somebody protected a backup from retention.
    case backupPinned
    /// Somebody left a backup to retention again.
    case backupUnpinned
    /// Somebody deleted a backup.
    case backupDeleted
    /// Verify found damage that was not known.
    case damageFound
    /// Verify found that known damage is there no more.
    case damageMended
    /// A drill gave a running server whose checks were good.
    case drillPassed
    /// A drill found a backup to be bad.
    case drillFailed
    /// A drill could not say.
    case drillCannotJudge
    /// Retention removed backups.
    case retentionRemoved
    /// The database answers no more.
    case databaseLost
    /// The database answers again.
    case databaseBack
    /// Another cluster answers at the same address.
    case clusterChanged
    /// The repository can't be used any more.
    case repositoryLost
    /// The repository can be used again.
    case repositoryBack
    /// The repository's file system has little space left.
    case diskLow
    /// The repository's file system has enough space again.
    case diskRecovered
    /// Somebody is to be told of a problem.
    case alertFired
    /// A problem that is told got worse.
    case alertWorsened
    /// A problem that is told got better, and is not over.
    case alertEased
    /// Somebody said that they know of a problem.
    case alertAcknowledged
    /// Nobody did, and those who come second are told.
    case alertEscalated
    /// A problem that was told is over.
    case alertResolved
    /// Somebody silenced problems for a while.
    case alertSilenced
    /// A silence is over.
    case alertUnsilenced
    /// The wall clock was set.
    case clockJumped
    /// A job other than a backup failed, or found nothing that was not known.
    case jobFailed
    /// A job other than a backup was stopped because somebody asked.
    case jobCancelled
    /// A job had not ended when the daemon did.
    case jobInterrupted
    /// The state file could not be read and a new one was begun.
    case stateSetAside
    /// The state file, which could not be opened at the start, can be: what was kept in memory since is in it.
    case stateRecovered
}
