import Logging
import NIOCore
import Varlink

extension VarlinkServer {
    /// Lets a connection in if the limits allow it, and serves it to its end. Its errors end here: one client's fault is
    /// no other's.
    func admit(_ connection: AcceptedConnection, _ admissions: Admissions) async {
        var logger = logger
        logger[metadataKey: "peer"] = connection.peer.map { "\($0)" }
        guard let peer = connection.peer else {
            logger.info("connection refused: the peer is unknown")
            return await close(connection)
        }
        do {
            try admissions.enter(peer.userID)
        } catch {
            logger.info("connection refused: \(error.rawValue)")
            return await close(connection)
        }
        defer { admissions.leave(peer.userID) }
        logger.debug("connected")
        do {
            let channel = connection.channel
            let serverConnection = ServerConnection(
                server: self,
                channel: channel.channel,
                peer: peer,
                logger: logger
            )
            try await channel.executeThenClose { messages, _ in try await serverConnection.serve(messages) }
            logger.debug("disconnected")
        } catch let error as VarlinkProtocolError {
            logger.info("connection closed: \(error.message)")
        } catch {
            logger.debug("connection lost", metadata: ["error": "\(error)"])
        }
    }

    private func close(_ connection: AcceptedConnection) async {
        // An async channel must be opened to be closed; an error in it changes nothing, it is closed either way.
        try? await connection.channel.executeThenClose { _, _ in }
    }
}
