"""The benchmark harness: FauxGuard and nginx side by side. See ../README.md for the method."""
