import PostgresClient
import ServiceLifecycle

/// Runs the pool for as long as the daemon lives.
struct PoolService: Service {
    let pool: ConnectionPool

    func run() async throws {
        await withGracefulShutdownHandler {
            await pool.run()
        } onGracefulShutdown: {
            pool.shutDown(within: .seconds(5))
        }
    }
}
