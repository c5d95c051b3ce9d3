import Configuration

/// What a reload changed, by group of settings.
struct SettingsChange: Sendable {
    /// In force from now on.
    let changed: [String]
    /// Read, but in force only after a restart.
    let needRestart: [String]
    /// What the new configuration is warned of.
    let warnings: [String]

    init(from old: Settings, to new: Settings, warnings: [String]) {
        let live: [(String, Bool)] = [
            ("backup", old.backup != new.backup),
            ("retention", old.retention != new.retention),
            ("verify", old.verify != new.verify),
            ("drill", old.drill != new.drill),
            ("alerts", old.alerts != new.alerts),
            ("notifications", old.notifications != new.notifications),
            ("live reception statistics", old.reception != new.reception),
            ("log level", old.logLevel != new.logLevel),
            ("log format", old.logFormat != new.logFormat),
        ]
        let fixed: [(String, Bool)] = [
            ("PostgreSQL connection", old.postgres != new.postgres),
            ("paths", old.paths != new.paths),
            ("HTTP address", old.httpListen != new.httpListen),
        ]
        changed = live.filter(\.1).map(\.0)
        needRestart = fixed.filter(\.1).map(\.0)
        self.warnings = warnings
    }
}
