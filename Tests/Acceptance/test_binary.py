"""The binary itself: what a machine must have to run it."""

import subprocess

from conftest import BINARY

# The system's TLS, its database, and what every C++ and C program needs; no Swift toolchain, no Foundation.
NEEDED = {"libssl.so.3", "libcrypto.so.3", "libsqlite3.so.0", "libyaml-0.so.2", "libstdc++.so.6", "libgcc_s.so.1", "libm.so.6", "libc.so.6"}


def test_the_binary_runs_without_a_swift_toolchain():
    lines = subprocess.run(["ldd", BINARY], capture_output=True, text=True, check=True).stdout.split("\n")
    libraries = {line.split()[0] for line in lines if "=>" in line}
    assert libraries <= NEEDED, libraries - NEEDED
