import CLinux

/// What the daemon holds of the machine's memory although it does not use it.
enum ProcessMemory {
    /// Gives back what earlier work left: free memory, and pages of the program that only that work ran.
    ///
    /// The kernel maps sixteen pages where one is needed, so that starting up alone leaves most of a large program resident.
    /// Afterwards only what is used comes back, from the kernel's cache and within a fraction of a millisecond.
    static func giveBack() {
        _ = linux_trim_malloc()
        _ = linux_release_file_pages()
    }
}
