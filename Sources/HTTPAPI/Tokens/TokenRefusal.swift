/// Why a token is not accepted. The client is told no more than that it is not; the log is told which.
package enum TokenRefusal: String, Error, Sendable, CaseIterable {
    /// It is longer than any that the application makes.
    case tooLong
    /// It has not the form of a signed token.
    case malformed
    /// It is not signed by HS256.
    case otherAlgorithm
    /// The signature is not that of our key.
    case badSignature
    /// Its claims can't be read, or one that must be there is not, or is of another type, or it is for somebody else (`aud`).
    case badClaims
    /// It is of another kind, for resetting a password say: it names a scope.
    case scoped
    /// Its time is over.
    case expired
    /// Its time has not come yet.
    case notYetValid
    /// It is not a user's.
    case subjectIsNoUser
}
