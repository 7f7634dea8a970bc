"""How the harness stops."""


class BenchError(Exception):
    """The run cannot go on: a tool failed, an answer was wrong, or the two servers are not comparable."""
