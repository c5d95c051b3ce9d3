/// The errors of the interface. Each carries a ``Failure``: a stable code, a message and, where there is one, a hint.
package enum ControlErrorName: String, Sendable, CaseIterable {
    /// No backup, job or drill of that name.
    case notFound = "org.recyclic.Control.NotFound"
    /// A parameter that has the right type but not an accepted value.
    case invalidArgument = "org.recyclic.Control.InvalidArgument"
    /// The thing asked was tried and failed.
    case failed = "org.recyclic.Control.Failed"
}
