extension RepositoryError {
    /// A library could not get the memory it needs.
    static func outOfMemory(_ library: String) -> RepositoryError {
        RepositoryError(
            .inputOutput,
            "\(library) got no memory",
            hint: "Free memory on this machine, or raise the service's memory limit."
        )
    }

    /// A frame that does not decode. The caller, who knows where it lies, says it in its own error.
    static func damagedFrame(_ reason: String) -> RepositoryError {
        RepositoryError(.damaged, "frame is damaged: \(reason)")
    }
}
