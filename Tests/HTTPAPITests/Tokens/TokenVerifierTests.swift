import Crypto
import Foundation
import Testing

@testable import HTTPAPI

@Suite("Access tokens")
struct TokenVerifierTests {
    private static let now = Date(timeIntervalSince1970: 1_795_000_000)
    private static let user = UUID(uuidString: "6F9619FF-8B86-D011-B42D-00C04FC964FF") ?? UUID()
    private static let subject = "6f9619ff-8b86-d011-b42d-00c04fc964ff"
    private static let good = #"{"sub":"\#(subject)","exp":1795000001}"#

    private func refusal(_ token: String) -> TokenRefusal? {
        do throws(TokenRefusal) {
            _ = try TokenVerifier(secret: TestToken.secret).user(of: token, at: Self.now)
            return nil
        } catch {
            return error
        }
    }

    @Test("a token that another library has signed is accepted")
    func foreign() throws {
        // Written by python-jose 3.3 with the secret "secret": {"sub": "6f96…", "exp": 4102444800}.
        let header = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"
        let payload = TestToken.base64URL(Array(#"{"sub":"\#(Self.subject)","exp":4102444800}"#.utf8))
        let key = SymmetricKey(data: Array("secret".utf8))
        let code = HMAC<SHA256>.authenticationCode(for: Data("\(header).\(payload)".utf8), using: key)
        let token = "\(header).\(payload).\(TestToken.base64URL(Array(code)))"
        #expect(try TokenVerifier(secret: "secret").user(of: token, at: Self.now) == Self.user)
    }

    @Test("the example of RFC 7515 has a good signature, and its claims are not a user's")
    func standard() throws {
        // Appendix A.1, whose key is given as base64url.
        let key = try #require(
            Base64URL.decode("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow")
        )
        let token =
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
            + "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        #expect(throws: TokenRefusal.badClaims) { try TokenVerifier(key: key).user(of: token, at: Self.now) }
        #expect(throws: TokenRefusal.badSignature) {
            try TokenVerifier(key: key.reversed()).user(of: token, at: Self.now)
        }
    }

    @Test("an application's token is its user's until it expires, to the second")
    func time() {
        #expect(refusal(TestToken.make(claims: Self.good)) == nil)
        #expect(refusal(TestToken.make(claims: #"{"sub":"\#(Self.subject)","exp":1795000000}"#)) == .expired)
        #expect(refusal(TestToken.make(claims: #"{"sub":"\#(Self.subject)","exp":1795000000.5}"#)) == nil)
        #expect(
            refusal(TestToken.make(claims: #"{"sub":"\#(Self.subject)","exp":1795000001,"nbf":1795000000}"#)) == nil
        )
        let early = #"{"sub":"\#(Self.subject)","exp":1795000009,"nbf":1795000000.5}"#
        #expect(refusal(TestToken.make(claims: early)) == .notYetValid)
    }

    @Test(
        "claims that are missing, of another type or of another kind are refused",
        arguments: [
            (#"{"sub":"\#(subject)"}"#, TokenRefusal.badClaims),
            (#"{"exp":1795000001}"#, .badClaims),
            (#"{"sub":"\#(subject)","exp":"1795000001"}"#, .badClaims),
            (#"{"sub":"\#(subject)","exp":null}"#, .badClaims),
            (#"{"sub":"\#(subject)","exp":true}"#, .badClaims),
            (#"{"sub":"\#(subject)","exp":1e999}"#, .badClaims),
            (#"{"sub":12,"exp":1795000001}"#, .badClaims),
            (#"{"sub":"\#(subject)","exp":1795000001,"nbf":"now"}"#, .badClaims),
            (#"{"sub":"\#(subject)","exp":1795000001,"aud":"another"}"#, .badClaims),
            (#"{"sub":"\#(subject)","exp":1795000001,"aud":[]}"#, .badClaims),
            (#"{"sub":"\#(subject)","exp":1795000001,"aud":null}"#, .badClaims),
            (#"["\#(subject)"]"#, .badClaims),
            ("nonsense", .badClaims),
            ("", .badClaims),
            (#"{"sub":"\#(subject)","exp":1795000001,"scope":"password-reset"}"#, .scoped),
            (#"{"sub":"\#(subject)","exp":1795000001,"scope":""}"#, .scoped),
            (#"{"sub":"\#(subject)","exp":1795000001,"scope":null}"#, .scoped),
            (#"{"sub":"a@example.org","exp":1795000001}"#, .subjectIsNoUser),
            (#"{"sub":"","exp":1795000001}"#, .subjectIsNoUser),
            (#"{"sub":"{6f9619ff-8b86-d011-b42d-00c04fc964ff}","exp":1795000001}"#, .subjectIsNoUser),
            (#"{"sub":"6f9619ff8b86d011b42d00c04fc964ff","exp":1795000001}"#, .subjectIsNoUser),
            (#"{"sub":"6f9619ff-8b86-d011-b42d-00c04fc964fg","exp":1795000001}"#, .subjectIsNoUser),
        ]
    )
    func claims(claims: String, expected: TokenRefusal) {
        #expect(refusal(TestToken.make(claims: claims)) == expected)
    }

    @Test(
        "HS256 is the only algorithm, whatever a token says of itself",
        arguments: [
            (#"{"alg":"none"}"#, TokenRefusal.otherAlgorithm), (#"{"alg":"None"}"#, .otherAlgorithm),
            (#"{"alg":"hs256"}"#, .otherAlgorithm), (#"{"alg":"HS512"}"#, .otherAlgorithm),
            (#"{"alg":"RS256"}"#, .otherAlgorithm), (#"{"alg":""}"#, .otherAlgorithm),
            (#"{"alg":null}"#, .malformed), (#"{"typ":"JWT"}"#, .malformed), (#"{"alg":["HS256"]}"#, .malformed),
            ("[]", .malformed), ("", .malformed), (#"{"alg":"HS256","crit":["exp"],"exp":1}"#, .malformed),
        ]
    )
    func algorithms(header: String, expected: TokenRefusal) {
        #expect(refusal(TestToken.make(header: header, claims: Self.good)) == expected)
    }

    @Test("a token of HS512 or without a signature is refused, though the key is right")
    func otherSignatures() {
        let header = TestToken.base64URL(Array(#"{"alg":"HS256"}"#.utf8))
        let signed = header + "." + TestToken.base64URL(Array(Self.good.utf8))
        let key = SymmetricKey(data: Array(TestToken.secret.utf8))
        let long = HMAC<SHA512>.authenticationCode(for: Data(signed.utf8), using: key)
        #expect(refusal(signed + "." + TestToken.base64URL(Array(long))) == .badSignature)
        #expect(refusal(signed + ".") == .badSignature)
        let unsigned =
            TestToken.base64URL(Array(#"{"alg":"none"}"#.utf8)) + "." + TestToken.base64URL(Array(Self.good.utf8))
        #expect(refusal(unsigned + ".") == .otherAlgorithm)
    }

    @Test("another key, or any byte changed, is a bad signature or no token")
    func tampering() {
        #expect(refusal(TestToken.make(claims: Self.good, secret: TestToken.secret + "x")) == .badSignature)
        #expect(refusal(TestToken.make(claims: Self.good, secret: "")) == .badSignature)
        let token = Array(TestToken.make(claims: Self.good).utf8)
        for index in token.indices {
            for replacement in [UInt8(ascii: "A"), UInt8(ascii: "."), UInt8(ascii: "+")]
            where token[index] != replacement {
                var changed = token
                changed[index] = replacement
                #expect(refusal(String(decoding: changed, as: UTF8.self)) != nil)
            }
        }
    }

    @Test(
        "what has not the form of a token is refused",
        arguments: ["", ".", "..", "...", "a", "a.b", "a.b.c", "a.b.c.d", "ä.ö.ü", "eyJhbGciOiJIUzI1NiJ9..", " . . "]
    )
    func malformed(token: String) {
        #expect([.malformed, .badSignature].contains(refusal(token)))
    }

    @Test("a token that is too long is not looked at")
    func tooLong() {
        let claims = #"{"sub":"\#(Self.subject)","exp":1795000001,"x":"\#(String(repeating: "x", count: 4096))"}"#
        #expect(refusal(TestToken.make(claims: claims)) == .tooLong)
    }

    @Test("base64url has one form for each text")
    func base64() {
        #expect(Base64URL.decode("") == [])
        #expect(Base64URL.decode("_-8") == [0xFF, 0xEF])
        #expect(Base64URL.decode("AA") == [0])
        for text in ["A", "AB", "AA=", "AA==", "A+", "A/", "A A", "AAAAA", "AAB"] {
            #expect(Base64URL.decode(text) == nil, "\(text)")
        }
        var generator = SystemRandomNumberGenerator()
        for length in 0..<100 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
            #expect(Base64URL.decode(TestToken.base64URL(bytes)) == bytes)
        }
    }
}
