/// Figures as findings show them.
enum DoctorText {
    /// `12.3 GiB`; one decimal is enough to choose a disk by.
    static func size(_ bytes: Int64) -> String {
        var tenths = min(bytes.magnitude, .max / 10) * 10
        for unit in ["B", "KiB", "MiB", "GiB"] {
            if tenths < 10240 { return text(tenths, unit) }
            tenths /= 1024
        }
        return text(tenths, "TiB")
    }

    private static func text(_ tenths: UInt64, _ unit: String) -> String {
        tenths % 10 == 0 || tenths >= 1000 ? "\(tenths / 10) \(unit)" : "\(tenths / 10).\(tenths % 10) \(unit)"
    }
}
