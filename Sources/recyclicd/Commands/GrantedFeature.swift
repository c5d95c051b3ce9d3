import ArgumentParser
import Protection

/// What `setup-sql` can give rights for.
enum GrantedFeature: Hashable, ExpressibleByArgument {
    /// A feature of the protection.
    case of(SetupFeature)
    /// Live reception statistics.
    case reception

    /// Every name that is accepted.
    static var names: [String] { SetupFeature.allCases.map(\.rawValue) + ["reception"] }

    /// What a new installation should have.
    static var recommended: [GrantedFeature] { SetupFeature.recommended.map { .of($0) } + [.reception] }

    init?(argument: String) {
        if argument == "reception" {
            self = .reception
        } else if let feature = SetupFeature(rawValue: argument) {
            self = .of(feature)
        } else {
            return nil
        }
    }

    /// The feature of the protection that it is, if it is one.
    var setup: SetupFeature? {
        if case .of(let feature) = self { feature } else { nil }
    }
}
