import Blocking

/// One thread's part of checking packs.
///
/// `@unchecked Sendable`: it is made by one thread and handed to another before any use; only that one calls it.
final class PackWorker: @unchecked Sendable {
    private let verifier: PackVerifier
    private let options: VerifyOptions
    private let log: FindingLog
    private let damage: PackDamageMap

    init(verifier: PackVerifier, options: VerifyOptions, log: FindingLog, damage: PackDamageMap) {
        self.verifier = verifier
        self.options = options
        self.log = log
        self.damage = damage
    }

    /// Checks one pack, unless an earlier verification found it good.
    ///
    /// - Throws: `CancellationError`; what the scratch folder's file system says.
    func check(_ pack: Digest, size: Int64) throws {
        let object = ListedObject(name: ObjectName.pack(pack), size: size)
        let isKnown = options.verifiedSize(object.name) == size
        let isDeep = options.decoding == .all || options.decoding == .unverified && !isKnown
        if !options.isFull && isKnown {
            log.skipped()
        } else if let found = try verifier.verify(pack, isDeep: isDeep) {
            damage[pack] = found.damage
            if case .missing = found.damage {
                log.missing(object.name, found.reason)
            } else {
                log.damaged(object.name, found.reason)
            }
            log.checked(object, isGood: false)
        } else {
            // Only what was decoded once may be skipped later.
            log.checked(object, isGood: verifier.didDecodeAll || isKnown)
        }
        options.progress?.advance(bytes: size, files: 1)
    }
}
