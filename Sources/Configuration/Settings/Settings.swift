/// The configuration the daemon runs with: complete, checked and immutable.
///
/// Only `ConfigurationLoader` makes one, and only when it found no error. A reload makes a new one.
package struct Settings: Sendable, Equatable {
    /// How to reach the PostgreSQL server.
    package let postgres: Postgres
    /// Where things lie on this machine.
    package let paths: Paths
    /// What is backed up, how and when.
    package let backup: Backup
    /// Which backups are kept.
    package let retention: Retention
    /// When stored backups are verified.
    package let verify: VerifySchedule
    /// How recovery is rehearsed.
    package let drill: Drill
    /// From where on something is a warning or critical.
    package let alerts: Alerts
    /// Whom to tell, how and how often.
    package let notifications: Notifications
    /// Live reception statistics.
    package let reception: Reception
    /// Where metrics and health are served over HTTP.
    package let httpListen: HTTPListen
    /// From which importance on messages are logged.
    package let logLevel: LogLevel
    /// How log lines look on standard error.
    package let logFormat: LogFormat
}
