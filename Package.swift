// swift-tools-version: 6.2

import PackageDescription

/// Every Swift target compiles under these (docs/design/0001-foundations.md says why).
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

/// One module of the house; which may import which is decided here and checked by `make lint`.
func module(_ name: String, _ dependencies: [Target.Dependency] = [], in folder: String = "Sources") -> Target {
    .target(name: name, dependencies: dependencies, path: "\(folder)/\(name)", swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let package = Package(
    name: "fauxguard",
    products: [.executable(name: "fauxguard", targets: ["fauxguard"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),

        // C, for a variable of each thread that costs nothing to reach.
        .target(name: "CBlocks"),
        module("Notation"),
        // C, for its #embed: the documents that come with the program.
        .target(name: "CSupplied"),
        module("Supplied", ["CSupplied"]),
        module("IO", ["CLinux"]),
        module("Documents", ["CYAML", "Notation"]),
        module("TLSNames"),
        module("TLS", ["CBlocks", "COpenSSL", "IO", "Notation", "TLSNames"]),
        module("HTTP", ["Notation"]),
        module("SoftToken", ["Notation"]),
        module("Registry", ["Documents", "IO", "Notation", "SoftToken"]),
        module("RegistrySQLite", ["CBlocks", "CSQLite", "IO", "Notation", "Registry", "SoftToken"]),
        module("Faults", ["Documents", "IO", "Notation", "SoftToken", "TLSNames"]),
        module("Journal", ["Faults", "IO", "Notation", "SoftToken", "TLSNames"]),
        module("Transport", ["Faults", "IO", "TLS"]),
        module(
            "Lab",
            ["Documents", "Faults", "IO", "Journal", "Notation", "Registry", "RegistrySQLite", "SoftToken", "TLS"]
        ),
        module(
            "Server",
            [
                "Faults", "HTTP", "IO", "Journal", "Lab", "Notation", "Registry", "SoftToken", "TLS", "TLSNames",
                "Transport", logging,
            ]
        ),
        module(
            "Admin",
            [
                "Documents", "Faults", "HTTP", "IO", "Journal", "Lab", "Notation", "Registry", "Server", "SoftToken",
                "TLS", "TLSNames",
            ]
        ),
        module("Client", ["HTTP", "IO", "TLS", "Transport"]),
        .executableTarget(
            name: "fauxguard",
            dependencies: [
                "Admin", "Client", "Documents", "Faults", "HTTP", "IO", "Journal", "Lab", "Notation", "Registry",
                "Server", "SoftToken", "Supplied", "TLS", argumentParser, logging,
            ],
            swiftSettings: strict
        ),

        module("TestKit", ["Documents", "IO", "Notation", "Registry", "SoftToken", "TLS", "TLSNames"], in: "Tests"),
        tests(
            "AdminTests",
            [
                "Admin", "Documents", "Faults", "HTTP", "IO", "Journal", "Lab", "Notation", "Registry", "Server",
                "SoftToken", "TLS", "TestKit", logging,
            ]
        ),
        tests("ClientTests", ["Client", "HTTP", "IO", "TLS", "TestKit"]),
        tests("CommandTests", ["Faults", "IO", "Supplied", "TLS", "TestKit", "fauxguard"]),
        tests("DocumentsTests", ["Documents"]),
        tests("FaultsTests", ["Documents", "Faults", "IO", "Notation", "TLSNames"]),
        tests("HTTPTests", ["HTTP"]),
        tests("IOTests", ["IO", "TestKit"]),
        tests("JournalTests", ["Faults", "IO", "Journal", "Notation", "SoftToken", "TestKit"]),
        tests(
            "LabTests",
            ["Documents", "Faults", "IO", "Journal", "Lab", "Registry", "RegistrySQLite", "SoftToken", "TestKit"]
        ),
        tests("NotationTests", ["Notation"]),
        tests(
            "RegistrySQLiteTests",
            ["CBlocks", "Documents", "IO", "Notation", "Registry", "RegistrySQLite", "SoftToken", "TestKit"]
        ),
        tests("RegistryTests", ["Documents", "Notation", "Registry", "SoftToken", "TestKit"]),
        tests(
            "ServerTests",
            [
                "Faults", "HTTP", "IO", "Journal", "Lab", "Notation", "Registry", "RegistrySQLite", "Server",
                "SoftToken", "TLS",
                "TestKit", logging,
            ]
        ),
        tests("SoftTokenTests", ["Notation", "SoftToken", "TestKit"]),
        tests("TLSNamesTests", ["TLSNames"]),
        tests("TLSTests", ["COpenSSL", "Documents", "IO", "Notation", "TLS", "TLSNames", "TestKit"]),
        tests("TransportTests", ["Faults", "IO", "TLS", "TestKit", "Transport"]),
        tests("EndToEndTests", ["Faults", "IO", "TLSNames", "TestKit", "fauxguard"]),
    ],
    cLanguageStandard: .gnu2x
)
