/// How long things may take and how many there may be.
package struct ReceptionLimits: Sendable {
    /// How long the server works on a statement.
    package var statementTimeout = Duration.seconds(10)
    /// How long a table that somebody else changes is waited for in all.
    package var lockTimeout = Duration.seconds(5)
    /// How long the server waits for a table at a time. Then what is locked already is let go, for the other may want it next; the
    /// server looks for such deadlocks after a second (`deadlock_timeout`), and could end the other's work.
    package var lockAttempt = Duration.milliseconds(300)
    /// How long the other has then until the next attempt.
    package var lockPause = Duration.milliseconds(100)
    /// How long a request waits in all: for its user's role, for the run before its own, for a connection, and for its run.
    package var patience = Duration.seconds(15)
    /// How long one waits for a connection.
    package var connectionPatience = Duration.seconds(5)
    /// Connections at most, beside those of the backups.
    package var connections = 3
    /// How many requests may wait for figures.
    package var waiters = 256
    /// How long an administrator is believed to be one.
    package var accessLifetime = Duration.seconds(30)
    /// How long somebody else is believed not to be one.
    package var refusalLifetime = Duration.seconds(5)
    /// How many users are remembered.
    package var users = 1000
    /// How many last figures are remembered: for each question one for each connection.
    package var knownFigures = 48
    /// How long what the tables have is believed.
    package var schemaLifetime = Duration.seconds(60)
    /// How long it is believed that something lacks: whoever has mended it looks at once.
    package var obstacleLifetime = Duration.seconds(1)
    /// How long it is believed that this is no database of the application, and how long an obstacle is when it can't be looked up.
    package var absenceLifetime = Duration.seconds(5)

    package init() {}
}
