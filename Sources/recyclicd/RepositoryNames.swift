// The module Repository has a type of its own name, so its types can't be told from others by the module's name. These are
// the names for those that another module has too; this file imports only the one module.
import Repository

/// What a verification found, as the repository tells it.
typealias FoundDamage = VerifyReport

/// A value of a mark's details.
typealias MarkValue = JSONValue
