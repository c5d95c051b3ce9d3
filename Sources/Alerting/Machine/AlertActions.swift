/// What an event asks for.
package struct AlertActions: Sendable, Hashable {
    /// What to send.
    package var notices: [AlertNotice] = []
    /// What to write into the record.
    package var transitions: [AlertTransition] = []
    /// Whether the book must be written down.
    package var isChanged = false

    package init() {}
}
