import CLinux
import Glibc

private final class ThreadBody {
    let name: String
    let run: @Sendable () -> Void

    init(name: String, run: @escaping @Sendable () -> Void) {
        self.name = name
        self.run = run
    }
}

/// Starts a detached thread with an 1 MiB stack.
///
/// - Parameters:
///   - name: The thread's name, cut to 15 bytes.
///   - run: What the thread does; it ends when this returns.
package func startThread(_ name: String, _ run: @escaping @Sendable () -> Void) {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    pthread_attr_setstacksize(&attributes, 1 << 20)
    defer { pthread_attr_destroy(&attributes) }
    let argument = Unmanaged.passRetained(ThreadBody(name: name, run: run)).toOpaque()
    var thread = pthread_t()
    let code = pthread_create(
        &thread,
        &attributes,
        { argument in
            guard let argument else { return nil }
            let body = Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue()
            _ = linux_name_thread(String(decoding: body.name.utf8.prefix(15), as: UTF8.self))
            body.run()
            return nil
        },
        argument
    )
    // EAGAIN is the only error for these attributes: the process or the user is out of threads, and nothing that
    // waits for this work could ever go on. Dying lets the service manager start us afresh.
    precondition(code == 0, "pthread_create failed with error \(code)")
}
