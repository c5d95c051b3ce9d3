/// Until when a request is waited for, whatever it waits for; see ``ReceptionService/deadline()``.
package struct ReceptionDeadline: Sendable, Hashable {
    /// By the service's clock.
    let time: Duration
}
