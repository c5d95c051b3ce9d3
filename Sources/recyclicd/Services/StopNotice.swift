import ServiceLifecycle

/// The first service to learn that the daemon shall end: tells the service manager before anything drains.
struct StopNotice: Service {
    let link: ServiceLink

    func run() async throws {
        try? await gracefulShutdown()
        link.beginStopping()
    }
}
