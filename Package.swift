// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "recyclicd",
    products: [
        .executable(name: "recyclicd", targets: ["recyclicd"]),
        .executable(name: "recyclicctl", targets: ["recyclicctl"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2", traits: []),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-collections.git", from: "1.6.0", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
    ],
    targets: [
        // C libraries: module maps only; and two small C targets for what Swift can't reach.
        .systemLibrary(name: "CLibpq", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CSystemd", pkgConfig: "libsystemd", providers: [.apt(["libsystemd-dev"])]),
        .target(name: "CChecksum"),
        .target(name: "CLinux"),

        // Libraries, from the ground up.
        .target(name: "Blocking", dependencies: ["CLinux"]),
        .target(
            name: "Configuration",
            dependencies: []
        ),
        .target(
            name: "Systemd",
            dependencies: ["CSystemd", .product(name: "Logging", package: "swift-log")]
        ),
        .target(name: "Varlink"),
        .target(
            name: "VarlinkServer",
            dependencies: [
                "CLinux",
                "Varlink",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(
            name: "ControlAPI",
            dependencies: ["Varlink"],
            resources: [.embedInCode("org.recyclic.Control.varlink")]
        ),
        .target(
            name: "PostgresClient",
            dependencies: [
                "CLibpq",
                "Blocking",
                .product(name: "DequeModule", package: "swift-collections"),
            ]
        ),
        .target(
            name: "Repository",
            dependencies: [
                "CZstd",
                "CZlib",
                "CChecksum",
                "CLinux",
                "Blocking",
                .product(name: "Crypto", package: "swift-crypto"),
            ]
        ),
        .target(name: "Transfer", dependencies: ["CCurl", "Blocking"]),
        .target(
            name: "State",
            dependencies: ["Blocking", .product(name: "GRDB", package: "GRDB.swift")]
        ),
        .target(name: "Monitoring", dependencies: ["State"]),
        .target(
            name: "Alerting",
            dependencies: [
                "Blocking",
                "Monitoring",
                "State",
                "Transfer",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(name: "Reception", dependencies: ["Blocking", "PostgresClient"]),
        .target(
            name: "HTTPAPI",
            dependencies: [
                "Blocking",
                "CLinux",
                "Monitoring",
                "Reception",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .target(
            name: "Protection",
            dependencies: [
                "Blocking",
                "CChecksum",
                "CLinux",
                "Repository",
                "PostgresClient",
                "State",
                .product(name: "Logging", package: "swift-log"),
            ]
        ),

        // The two programs.
        .executableTarget(
            name: "recyclicd",
            dependencies: [
                "Alerting",
                "Blocking",
                "CLinux",
                "Configuration",
                "ControlAPI",
                "HTTPAPI",
                "Varlink",
                "VarlinkServer",
                "PostgresClient",
                "Repository",
                "Protection",
                "Monitoring",
                "Reception",
                "State",
                "Systemd",
                "Transfer",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            // Three megabytes less of the program are in memory when its 110,000 relocations are packed (DT_RELR, which glibc
            // knows from 2.36 on); the default linker can't.
            linkerSettings: [
                .unsafeFlags(
                    ["-use-ld=lld", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs"],
                    .when(platforms: [.linux], configuration: .release)
                )
            ]
        ),
        .executableTarget(
            name: "recyclicctl",
            dependencies: [
                "ControlAPI",
                "Varlink",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),

        // Compares delta policies; for Benchmarks/days.
        .executableTarget(
            name: "delta-bench",
            dependencies: [
                "Blocking",
                "CLinux",
                "PostgresClient",
                "Protection",
                "Repository",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Benchmarks/DeltaBench"
        ),

        // Stores a stream as a dump's, reads it back, and times the parts of that; for Benchmarks/dumps.
        .executableTarget(
            name: "dump-bench",
            dependencies: [
                "Blocking",
                "CLinux",
                "Repository",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Benchmarks/DumpBench"
        ),

        // Tests.
        .target(
            name: "TestSupport",
            dependencies: ["Blocking"],
            path: "Tests/TestSupport",
            exclude: ["Peers"]
        ),
        .testTarget(name: "BlockingTests", dependencies: ["Blocking"]),
        .testTarget(name: "ConfigurationTests", dependencies: ["Configuration", "TestSupport"]),
        .testTarget(
            name: "VarlinkTests",
            dependencies: [
                "Blocking",
                "CLinux",
                "TestSupport",
                "Varlink",
                "VarlinkServer",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ]
        ),
        .testTarget(name: "ControlAPITests", dependencies: ["ControlAPI", "Varlink"]),
        .testTarget(name: "PostgresClientTests", dependencies: ["PostgresClient", "TestSupport"]),
        .testTarget(name: "RepositoryTests", dependencies: ["Repository", "TestSupport"]),
        .testTarget(
            name: "SystemdTests",
            dependencies: ["Systemd", "TestSupport", .product(name: "Logging", package: "swift-log")]
        ),
        .testTarget(name: "StateTests", dependencies: ["State", "TestSupport"]),
        .testTarget(
            name: "ReceptionTests",
            dependencies: ["Blocking", "PostgresClient", "Reception", "TestSupport"],
            exclude: ["Support/figures.py"]
        ),
        .testTarget(name: "MonitoringTests", dependencies: ["Monitoring", "State", "TestSupport"]),
        .testTarget(
            name: "AlertingTests",
            dependencies: [
                "Alerting", "Monitoring", "State", "TestSupport", .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(
            name: "HTTPAPITests",
            dependencies: [
                "Blocking",
                "HTTPAPI",
                "Monitoring",
                "PostgresClient",
                "Reception",
                "State",
                "TestSupport",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(
            name: "ChannelTests",
            dependencies: ["Alerting", "Monitoring", "TestSupport", "Transfer"]
        ),
        .testTarget(name: "ProtectionTests", dependencies: ["Protection", "TestSupport"]),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "Configuration",
                "ControlAPI",
                "Monitoring",
                "PostgresClient",
                "Protection",
                "Repository",
                "State",
                "Systemd",
                "TestSupport",
                "Varlink",
                "recyclicctl",
                "recyclicd",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            exclude: ["LiveStatistics/openapi.py", "ForeignRestore/restore.py"]
        ),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
    var settings = target.swiftSettings ?? []
    settings.append(.enableUpcomingFeature("ExistentialAny"))  // SE-0335
    settings.append(.enableUpcomingFeature("MemberImportVisibility"))  // SE-0444
    settings.append(.enableUpcomingFeature("InternalImportsByDefault"))  // SE-0409
    settings.append(.enableUpcomingFeature("NonisolatedNonsendingByDefault"))  // SE-0461
    target.swiftSettings = settings
}
