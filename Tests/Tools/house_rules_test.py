"""Shows every rule of Tools/house_rules.py a breach, and something that only looks like one."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Tools"))
import house_rules  # noqa: E402

PLAIN = "Sources/HTTP/Method.swift"
SERVER = "Sources/Server/Listener.swift"


class SwiftFiles(unittest.TestCase):
    def breaches(self, path, text):
        return [f"{line}: {what}" for line, what in house_rules.swift_file(path, text)]

    def assertBreach(self, path, text, line, what):
        found = self.breaches(path, text)
        self.assertEqual(len(found), 1, found)
        self.assertTrue(found[0].startswith(f"{line}: ") and what in found[0], found)

    def assertClean(self, path, text):
        self.assertEqual(self.breaches(path, text), [])

    def test_imports(self):
        for text in (
            "import HTTP\nimport Admin\n",
            "import HTTP\npackage import Admin\n",
            "import HTTP\n@testable import Admin\n",
            "import HTTP\n@preconcurrency @_exported import Admin  // because\n",
            "import HTTP\nprivate import struct Admin.BearerToken\n",
            "import HTTP\n@_spi(Testing) import Admin\n",
        ):
            self.assertBreach(SERVER, text, 2, "Server may not import Admin")
        self.assertBreach("Sources/Registry/Rules/Rules.swift", "import COpenSSL\n", 1, "may not import COpenSSL")
        self.assertBreach("Sources/TLS/A.swift", "import Documents\n", 1, "may not import Documents")
        self.assertBreach("Sources/TLS/A.swift", "import Faults\n", 1, "may not import Faults")
        self.assertBreach("Sources/TLSNames/A.swift", "import IO\n", 1, "imports nothing")
        self.assertBreach("Sources/Admin/A.swift", "import CYAML\n", 1, "may not import CYAML")
        self.assertBreach("Sources/SoftToken/Seed.swift", "import Foundation\n", 1, "imports Notation and nothing else")
        self.assertBreach("Sources/Notation/A.swift", "import Synchronization\n", 1, "imports nothing")
        self.assertClean("Sources/HTTP/A.swift", "import Notation\n")
        self.assertBreach("Sources/Admin/A.swift", "import Logging\n", 1, "may not import Logging")
        self.assertBreach("Sources/New/New.swift", "", 1, "is not in")
        self.assertBreach("Tests/TestKit/A.swift", "import Server\n", 1, "may not import Server")
        self.assertClean("Tests/IOTests/A.swift", "import Server\n")
        self.assertClean(SERVER, "import Foundation\npackage import IO\nimport Logging\n// import Admin\n")

    def test_documentation(self):
        for declaration in (
            "package struct A {}",
            "package private(set) var a = 0",
            "package internal(set) var a = 0",
            "public func a() {}",
            "static package func a() {}",
            "nonisolated package var a: Int { 0 }",
            "nonisolated(nonsending) package func a() async {}",
            "final package class A {}",
            "@inlinable package init() {}",
            "@inlinable\npackage init() {}",
            "@available(*, deprecated) package typealias A = Int",
            "// no documentation\npackage struct A {}",
            "/// Of something else.\n\npackage struct A {}",
            "/// A type.\npackage enum A {\n    case one\n}",
            "/// A type.\npackage enum A {\n    /// One.\n    case one\n    case two(Int)\n}",
            "/// A type.\npackage protocol A {\n    func a()\n}",
            "/// A type.\npackage protocol A: Sendable {\n    init(_ a: Int)\n}",
        ):
            found = self.breaches(PLAIN, declaration + "\n")
            self.assertEqual(len(found), 1, declaration)
            self.assertIn("without ///", found[0])
        for declaration in (
            "/// A type.\npackage struct A {}",
            "/// A function.\n@inlinable\npackage func a() {}",
            "/// A function.\n@inlinable package func a() {}",
            "struct A {}",
            "private var package = 0",
            "extension A {}",
            '/// A text.\nlet a = """\n    package struct A {}\n    """',
            "/// A type.\npackage enum A {\n    /// One.\n    case one\n    var a: Int {\n        switch self {\n"
            "        case .one: 1\n        }\n    }\n}",
        ):
            self.assertClean(PLAIN, declaration + "\n")

    def test_unsafe(self):
        for line in (
            "let a = unsafe b()",
            "nonisolated(unsafe) var a = 0",
            "func a(_ p: UnsafePointer<UInt8>) {}",
            "func a(_ p: UnsafeMutableRawBufferPointer) {}",
            "var a: UnsafeContinuation<Int, Never>?",
        ):
            self.assertBreach(SERVER, line + "\n", 1, "`unsafe`")
            self.assertBreach("Sources/Registry/Rules/Rules.swift", line + "\n", 1, "`unsafe`")
            self.assertBreach("Sources/Documents/JSON/A.swift", line + "\n", 1, "`unsafe`")
            for allowed in (
                "Sources/IO/A.swift", "Sources/Documents/YAML/A.swift", "Sources/RegistrySQLite/A.swift",
                "Tests/IOTests/A.swift",
            ):
                self.assertClean(allowed, line + "\n")
        self.assertClean(SERVER, '// unsafe\nlet a = "unsafe"\nlet unsafeLooking = 1\n')
        self.assertClean(SERVER, '/// Text.\nlet a = """\n    unsafe\n    """\n')
        for line in (
            "nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.asUnownedSerialExecutor() }",
            "_read { yield unsafe contents.input }",
            "_modify { yield unsafe &contents.input }",
            "unsafe contents = Contents(stream: ByteStream(over: channel.number))",
            "word = unsafe UInt64(littleEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))",
            "let bytes = unsafe Span<UInt8>(_unsafeStart: literal.utf8Start, count: literal.utf8CodeUnitCount)",
            "var bytes = unsafe made.mutableBytes",
        ):
            self.assertClean(SERVER, f"    {line}\n")
            self.assertBreach(SERVER, f"    {line}\n    unsafe more()\n", 2, "`unsafe`")
        self.assertBreach(SERVER, '"""\n unsafe\n """; let a = unsafe b()\n', 3, "`unsafe`")

    def test_machinery(self):
        for line in ("if deviates { a() }", "let a = transport.courier", "if isShaped { a() }", "var a: ExchangeDeviation?"):
            self.assertBreach(SERVER, line + "\n", 1, "machinery of faults")
            for room in ("Sources/Server/Faults/A.swift", "Sources/Transport/A.swift", "Sources/Faults/A.swift", "Tests/A/A.swift"):
                self.assertClean(room, line + "\n")
        self.assertClean(SERVER, '// The courier.\nlet a = "courier"\n')

    def test_unchecked(self):
        self.assertBreach(SERVER, "final class A: @unchecked Sendable {}\n", 1, "reason")
        self.assertBreach(SERVER, "final class A: @unchecked Sendable {}  //\n", 1, "reason")
        self.assertClean(SERVER, "final class A: @unchecked Sendable {}  // guarded by the loop\n")

    def test_words(self):
        for line in ("struct RequestManager {}", "enum Utils {}", "final class TLSHelper {}", "actor LabCore {}"):
            self.assertBreach(SERVER, line + "\n", 1, "says nothing")
        for path in ("Sources/Server/Utils/A.swift", "Sources/Server/ConnectionHelper.swift", "Tests/IOTests/Common/A.swift"):
            self.assertBreach(path, "\n", 1, "whose name says nothing")
        self.assertClean(SERVER, "enum CoreCount {}\nstruct CommonName {}\n")
        self.assertBreach(SERVER, "// TODO: later\n", 1, "unfinished")
        self.assertBreach("Tests/IOTests/A.swift", "import XCTest\n", 1, "Swift Testing")

    def test_comments(self):
        for mark in ("//", "///", "    ///"):
            self.assertBreach(PLAIN, f"{mark} {'word ' * 24}\n", 1, "columns; at most 120")
            self.assertClean(PLAIN, f"{mark} {'word ' * 22}\n")
        self.assertClean(PLAIN, f'let a = "// {"word " * 24}"\n')

    def test_length(self):
        self.assertBreach(SERVER, "\n" * 401, 401, "at most 400")
        self.assertBreach("Tests/IOTests/A.swift", "\n" * 501, 501, "at most 500")
        self.assertClean(SERVER, "\n" * 400)
        self.assertClean("Tests/IOTests/A.swift", "\n" * 500)


class Repository(unittest.TestCase):
    STRICT = ["strictMemorySafety", "treatAllWarnings", "swiftLanguageMode", "InternalImportsByDefault"]

    def target(self, dependencies, settings=STRICT, name="TLS", kind="regular"):
        named = [{"byName": [dependency, None]} for dependency in dependencies]
        return {"targets": [{"name": name, "type": kind, "dependencies": named, "settings": settings}]}

    def test_package(self):
        def breaches(*arguments, **named):
            return list(house_rules.package(self.target(*arguments, **named)))

        self.assertEqual(breaches(["CBlocks", "COpenSSL", "IO", "Notation", "TLSNames"]), [])
        self.assertEqual(len(breaches(["CBlocks", "COpenSSL", "IO", "Notation", "TLSNames", "HTTP"])), 1)
        self.assertEqual(len(breaches(["CBlocks", "COpenSSL", "IO", "Notation", "TLSNames", "Logging"])), 1)
        self.assertEqual(len(breaches(["COpenSSL"])), 1)
        self.assertEqual(len(breaches(["CBlocks", "COpenSSL", "IO", "Notation", "TLSNames"], self.STRICT[1:])), 1)
        self.assertEqual(len(breaches([], [], name="TLSTests", kind="test")), 4)
        self.assertEqual(breaches([], [], name="CLinux", kind="system"), [])

    def test_folders(self):
        with tempfile.TemporaryDirectory() as name:
            root = pathlib.Path(name)
            (root / "Tests/IOTests").mkdir(parents=True)
            file = root / "Tests/IOTests/Placeholder.swift"
            file.write_text("import Testing\n")
            self.assertEqual(len(list(house_rules.empty_test_targets(root))), 2)
            file.rename(root / "Tests/IOTests/LoopTests.swift").write_text("@Test func a() {}\n")
            self.assertEqual(list(house_rules.empty_test_targets(root)), [])

    def test_keys(self):
        with tempfile.TemporaryDirectory() as name:
            root = pathlib.Path(name)
            subprocess.run(["git", "init", "--quiet", name], check=True)
            file = root / "A.swift"
            for kind in ("", "EC ", "RSA ", "ENCRYPTED "):
                begin = f"-----BEGIN {kind}PRIVATE KEY-----"
                for between in ("\n", "\\n", "\n    "):
                    file.write_text(begin + between + "MIGHAgEA" * 8 + "\n")
                    self.assertEqual(len(list(house_rules.committed_keys(root))), 1, begin + between)
                file.write_text(begin + "\nAAAA\n")
                self.assertEqual(list(house_rules.committed_keys(root)), [])


if __name__ == "__main__":
    unittest.main()
