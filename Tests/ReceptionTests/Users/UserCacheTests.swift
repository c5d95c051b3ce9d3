import Foundation
import Testing

@testable import Reception

@Suite("What is known of users")
struct UserCacheTests {
    private func cache(capacity: Int = 10) -> UserCache {
        UserCache(lifetime: .seconds(30), refusalLifetime: .seconds(5), capacity: capacity)
    }

    @Test("an administrator is believed for less than half a minute, counted from before the question")
    func allowed() {
        var cache = cache()
        let user = UUID()
        #expect(cache.access(of: user, at: .seconds(100)) == nil)
        cache.remember(.allowed, of: user, askedAt: .seconds(100), at: .seconds(103))
        #expect(cache.access(of: user, at: .milliseconds(129_999)) == .allowed)
        #expect(cache.access(of: user, at: .seconds(130)) == nil)
    }

    @Test("a refusal is remembered, for a shorter time", arguments: [UserAccess.wrongRole, .unknown])
    func refused(access: UserAccess) {
        var cache = cache()
        let user = UUID()
        cache.remember(access, of: user, askedAt: .zero, at: .zero)
        #expect(cache.access(of: user, at: .milliseconds(4999)) == access)
        #expect(cache.access(of: user, at: .seconds(5)) == nil)
    }

    @Test("a newer answer replaces an older one")
    func replaced() {
        var cache = cache()
        let user = UUID()
        cache.remember(.allowed, of: user, askedAt: .zero, at: .zero)
        cache.remember(.wrongRole, of: user, askedAt: .seconds(1), at: .seconds(1))
        #expect(cache.access(of: user, at: .seconds(2)) == .wrongRole)
    }

    @Test("however many users there are, few are remembered, and the oldest are forgotten first")
    func bounded() {
        var cache = cache(capacity: 5)
        let users = (0..<100).map { _ in UUID() }
        for (second, user) in users.enumerated() {
            let time = Duration.milliseconds(second)
            cache.remember(.allowed, of: user, askedAt: time, at: time)
            #expect(cache.count <= 5)
        }
        #expect(users.suffix(5).allSatisfy { cache.access(of: $0, at: .milliseconds(100)) == .allowed })
    }

    @Test("active administrators may, active others may not, and anybody else is nobody")
    func access() {
        for role in ["admin", "super-admin"] { #expect(UserAccess(role: role, isActive: true) == .allowed) }
        for role in ["user", "manager", "Admin", ""] { #expect(UserAccess(role: role, isActive: true) == .wrongRole) }
        for role in ["admin", "user"] { #expect(UserAccess(role: role, isActive: false) == .inactive) }
        for isActive in [false, true] { #expect(UserAccess(role: nil, isActive: isActive) == .unknown) }
    }
}
