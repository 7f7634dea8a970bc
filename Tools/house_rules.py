#!/usr/bin/env python3
"""The rules of the house that neither compiler nor formatter knows; CONTRIBUTING.md says why each exists.

Prints one line a breach, with file and line, and ends with status 1 where there is any. Tests/Tools/house_rules_test.py
shows each rule a breach of it.
"""

import json
import pathlib
import re
import subprocess
import sys
from collections.abc import Iterator

# What each module may import, of ours and of others'. Package.swift says what is linked; this says what is meant, and
# they must agree. (SwiftPM's own check of imports, 6.3.1, lets a module import what only its dependencies declare.)
ARROWS = {
    "Notation": set(),
    "Supplied": {"CSupplied"},
    "IO": {"CLinux"},
    "Documents": {"CYAML", "Notation"},
    "TLSNames": set(),
    "TLS": {"CBlocks", "COpenSSL", "IO", "Notation", "TLSNames"},
    "HTTP": {"Notation"},
    "SoftToken": {"Notation"},
    "Registry": {"Documents", "IO", "Notation", "SoftToken"},
    "RegistrySQLite": {"CBlocks", "CSQLite", "IO", "Notation", "Registry", "SoftToken"},
    "Faults": {"Documents", "IO", "Notation", "SoftToken", "TLSNames"},
    "Journal": {"Faults", "IO", "Notation", "SoftToken", "TLSNames"},
    "Transport": {"Faults", "IO", "TLS"},
    "Lab": {"Documents", "Faults", "IO", "Journal", "Notation", "Registry", "RegistrySQLite", "SoftToken", "TLS"},
    "Server": {"Faults", "HTTP", "IO", "Journal", "Lab", "Logging", "Notation", "Registry", "SoftToken", "TLS", "TLSNames", "Transport"},
    "Admin": {"Documents", "Faults", "HTTP", "IO", "Journal", "Lab", "Notation", "Registry", "Server", "SoftToken", "TLS", "TLSNames"},
    "Client": {"HTTP", "IO", "TLS", "Transport"},
    "TestKit": {"Documents", "IO", "Notation", "Registry", "SoftToken", "TLS", "TLSNames"},
    "fauxguard": {
        "Admin", "ArgumentParser", "Client", "Documents", "Faults", "HTTP", "IO", "Journal", "Lab", "Logging", "Notation", "Registry", "Server",
        "SoftToken", "Supplied", "TLS",
    },
}
DECLARED = set(ARROWS).union(*ARROWS.values())
# These speak of bytes and values alone: nothing but each other, not even Foundation, so that they can be fuzzed and
# reused without anything else.
PURE = {"HTTP", "Notation", "SoftToken", "TLSNames"}
# Who carries faults out. Elsewhere a connection speaks of stages, of rules and of what the transport says, and its
# story stays readable by those who look for no fault.
FAULT_ROOMS = ("Sources/Faults/", "Sources/Server/Faults/", "Sources/Transport/")
MACHINERY = re.compile(r"\b(?:\w*[dD]eviat\w*|[cC]ourier\w*|isShaped|[sS]haping\w*)\b")
# In another language, with rules of its own.
C_TARGETS = {"CBlocks", "CSupplied"}
# Where `unsafe` may stand: modules that talk to C, and the registry's storage.
UNSAFE = (
    "Sources/IO/", "Sources/Supplied/", "Sources/TLS/", "Sources/Documents/YAML/", "Sources/Registry/Store/CachedView.swift",
    "Sources/RegistrySQLite/", "Tests/",
)
# The lines of it that may stand elsewhere: an actor names its loop, which it holds, as its executor; what one loop
# alone touches is reached without a check of overlapping accesses; eight bytes are loaded at once, within a span's
# bounds; a literal's bytes are read, and bytes are stored eight at a time, within a span's bounds too.
EXEMPT = re.compile(
    r"nonisolated var unownedExecutor: UnownedSerialExecutor \{ unsafe loop\.asUnownedSerialExecutor\(\) \}"
    r"|unsafe contents = Contents\(.*\)"
    r"|_read \{ yield unsafe \w+(?:\.\w+)? \}|_modify \{ yield unsafe &\w+(?:\.\w+)? \}"
    r"|word = unsafe UInt64\(littleEndian: \w+\.bytes\.unsafeLoadUnaligned\(fromByteOffset: \w+, as: UInt64\.self\)\)"
    r"|let \w+ = unsafe Span<UInt8>\(_unsafeStart: literal\.utf8Start, count: literal\.utf8CodeUnitCount\)"
    r"|var \w+ = unsafe \w+\.mutableBytes"
)
# Words that say nothing about what a thing is.
EMPTY = r"\w*(?:Manager|Helpers?|Utils?|Utilities|Common|Core)"
LONGEST = {"Sources": 400, "Tests": 500}
# The formatter holds code to this, and says nothing of comments.
COLUMNS = 120
MODIFIERS = set(
    "package public open final static class override required convenience mutating nonmutating consuming borrowing"
    " lazy weak unowned indirect isolated nonisolated dynamic".split()
)
KEY = re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----(?:\\n|\s)+[A-Za-z0-9+/]{40}")

Breach = tuple[int, str]


def code_lines(text: str) -> list[str]:
    """The lines without strings and comments, so that words in them are not taken for code."""
    lines, is_quoting = [], False
    for line in text.split("\n"):
        parts = line.split('"""')
        kept = []
        for index, part in enumerate(parts):
            if index > 0:
                is_quoting = not is_quoting
            if not is_quoting:
                kept.append(part)
        code = '""'.join(kept) if kept else ""
        code = re.sub(r'#"(?:(?!"#).)*"#', '""', code)
        code = re.sub(r'"(?:\\.|[^"\\])*"', '""', code)
        lines.append(code.split("//")[0])
    return lines


def without_attributes(code: str) -> str:
    return re.sub(r"^(?:@[\w.]+(?:\([^)]*\))?\s*)+", "", code.strip())


def imports(path: str, module: str, code: list[str]) -> Iterator[Breach]:
    for number, line in enumerate(code, 1):
        match = re.match(r"(?:[a-z]+\s+)?import\s+(?:[a-z]+\s+)?(\w+)", without_attributes(line))
        if match and module in PURE and match[1] not in ARROWS[module]:
            yield number, f"{module} imports {' and '.join(sorted(ARROWS[module])) or 'nothing'} and nothing else"
        elif match and match[1] in DECLARED and match[1] not in ARROWS[module]:
            yield number, f"{module} may not import {match[1]}"


def modifiers(code: str) -> tuple[set[str], str]:
    """The words before a declaration's keyword, and that keyword."""
    found: set[str] = set()
    for word in without_attributes(code).split():
        if re.sub(r"\(\w+\)$", "", word) not in MODIFIERS:
            return found, word
        found.add(word)
    # A line of modifiers alone is none that a formatter leaves.
    return found, ""


def documentation(path: str, lines: list[str], code: list[str]) -> Iterator[Breach]:
    # Members without a word of their own that are as visible as what they stand in: (indentation, keywords).
    inside: list[tuple[int, set[str]]] = []
    for number, line in enumerate(code, 1):
        if not line.strip():
            continue
        indentation = len(line) - len(line.lstrip())
        while inside and indentation <= inside[-1][0]:
            inside.pop()
        words, keyword = modifiers(line)
        is_visible = bool(words & {"package", "public", "open"}) and keyword not in {"import", "extension"}
        if inside and indentation == inside[-1][0] + 4 and re.split(r"\W", keyword)[0] in inside[-1][1]:
            is_visible = True
        if is_visible and line.rstrip().endswith("{") and keyword in {"enum", "protocol"}:
            members = {"case"} if keyword == "enum" else {"func", "var", "init", "subscript", "associatedtype"}
            inside.append((indentation, members))
        if not is_visible:
            continue
        above = number - 2
        while above >= 0 and re.match(r"\s*@", lines[above]):
            above -= 1
        if above < 0 or not lines[above].lstrip().startswith("///"):
            yield number, "a declaration that other modules see, without ///"


def safety(path: str, lines: list[str], code: list[str]) -> Iterator[Breach]:
    for number, line in enumerate(code, 1):
        is_exempt = path.startswith(UNSAFE) or EXEMPT.fullmatch(line.strip()) is not None
        if not is_exempt and re.search(r"\bunsafe\b|\bUnsafe\w*(?:Pointer|Continuation)\b", line):
            yield number, "`unsafe` may not stand here"
        if re.search(r"@unchecked\s+Sendable", line) and not re.search(r"//\s*\w", lines[number - 1]):
            yield number, "@unchecked Sendable without its reason on the line"


def comments(lines: list[str], code: list[str]) -> Iterator[Breach]:
    for number, (line, rest) in enumerate(zip(lines, code), 1):
        if len(line) > COLUMNS and not rest.strip() and line.lstrip().startswith("//"):
            yield number, f"a comment of {len(line)} columns; at most {COLUMNS}"


def machinery(path: str, code: list[str]) -> Iterator[Breach]:
    if path.startswith(FAULT_ROOMS):
        return
    for number, line in enumerate(code, 1):
        if found := MACHINERY.search(line):
            yield number, f"`{found[0]}`, the machinery of faults, is named outside of {', '.join(FAULT_ROOMS)}"


def words(path: str, lines: list[str], code: list[str]) -> Iterator[Breach]:
    if any(re.fullmatch(EMPTY, part) for part in re.split(r"[/.+]", path)):
        yield 1, "a file or folder whose name says nothing"
    for number, line in enumerate(code, 1):
        if re.search(r"\b(?:class|struct|enum|actor|protocol|typealias)\s+" + EMPTY + r"\b", line):
            yield number, "a name that says nothing"
        if re.search(r"\b(?:TODO|FIXME|XXX)\b", lines[number - 1]):
            yield number, "unfinished work belongs in an issue"
        if re.search(r"\bimport\s+XCTest\b", line):
            yield number, "tests are written with Swift Testing"


def swift_file(path: str, text: str) -> Iterator[Breach]:
    """Everything that one file of Sources or Tests can break; `path` is relative to the repository."""
    top, module = path.split("/")[:2]
    lines, code = text.split("\n"), code_lines(text)
    if len(lines) - 1 > LONGEST[top]:
        yield len(lines) - 1, f"{len(lines) - 1} lines; at most {LONGEST[top]} in {top}"
    if top == "Sources" and module not in ARROWS:
        yield 1, f"module {module} is not in Tools/house_rules.py"
        return
    # What the test targets share is a module like those of Sources.
    if module in ARROWS:
        yield from imports(path, module, code)
        yield from documentation(path, lines, code)
        yield from machinery(path, code)
    yield from comments(lines, code)
    yield from safety(path, lines, code)
    yield from words(path, lines, code)


def package(description: dict) -> Iterator[str]:
    """What Package.swift can break: arrows other than those above, and a target without the strict settings."""
    for target in description["targets"]:
        name = target["name"]
        if target["type"] == "system" or name in C_TARGETS:
            continue
        dependencies = {next(iter(entry.values()))[0] for entry in target["dependencies"]} & DECLARED
        if target["type"] != "test" and dependencies != ARROWS.get(name):
            yield f"{name} depends on {sorted(dependencies)}, in Tools/house_rules.py on {sorted(ARROWS.get(name, []))}"
        settings = json.dumps(target["settings"])
        for wanted in ("strictMemorySafety", "treatAllWarnings", "swiftLanguageMode", "InternalImportsByDefault"):
            if wanted not in settings:
                yield f"{name} is not compiled with {wanted}"


def empty_test_targets(root: pathlib.Path) -> Iterator[str]:
    """Test targets without a test, and files that only keep a target from being empty."""
    for folder in sorted((root / "Tests").glob("*Tests")):
        if not any("@Test" in file.read_text() for file in folder.rglob("*.swift")):
            yield f"{folder.relative_to(root)}: no test in it"
    for file in sorted(root.glob("*/**/Placeholder.swift")):
        yield f"{file.relative_to(root)}: nothing is left to stand in for"


def committed_keys(root: pathlib.Path) -> Iterator[str]:
    """Private keys in files that are committed or about to be."""
    listing = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=root, capture_output=True, check=True).stdout.decode()
    for name in filter(None, listing.split("\0")):
        file = root / name
        if file.is_file() and KEY.search(file.read_text(errors="replace")):
            yield f"{name}: holds a private key; keys are minted where they are needed"


def main() -> int:
    root = pathlib.Path(__file__).resolve().parent.parent
    breaches = []
    for top in LONGEST:
        for file in sorted((root / top).rglob("*.swift")):
            path = file.relative_to(root).as_posix()
            breaches += [f"{path}:{line}: {text}" for line, text in swift_file(path, file.read_text())]
    dump = subprocess.run(["swift", "package", "dump-package"], cwd=root, capture_output=True, text=True, check=False)
    if dump.returncode == 0:
        breaches += [f"Package.swift: {text}" for text in package(json.loads(dump.stdout))]
    else:
        breaches.append(f"Package.swift: can't be read: {dump.stderr.strip()}")
    breaches += empty_test_targets(root)
    breaches += committed_keys(root)
    for breach in breaches:
        print(breach)
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
