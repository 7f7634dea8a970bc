"""Figures: what was measured on both servers, and the floor it is held against."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import comb
from statistics import median
from typing import TypeVar

from .servers import Server

Sample = TypeVar("Sample")


@dataclass(frozen=True)
class Floor:
    """What a figure must reach; of the ratio to nginx unless it is `absolute`."""

    bound: float
    at_least: bool = False
    aim: float | None = None
    absolute: bool = False
    unit: str = ""

    def holds(self, value: float) -> bool:
        return value >= self.bound if self.at_least else value <= self.bound

    def reaches_aim(self, value: float) -> bool:
        return self.aim is not None and (value >= self.aim if self.at_least else value <= self.aim)

    def __str__(self) -> str:
        sign = "≥" if self.at_least else "≤"
        aim = f" (aim {self.aim:.2f})" if self.aim else ""
        return f"{sign} {self.bound:.0f} {self.unit}" if self.absolute else f"{sign} {self.bound:.2f}{aim}"


@dataclass(frozen=True)
class Figure:
    """One row of the result: values of adjacent rounds, first FauxGuard's, then nginx's."""

    title: str
    unit: str
    pairs: list[tuple[float, float]]
    floor: Floor | None = None
    decimals: int = 0

    @property
    def ours(self) -> list[float]:
        return [pair[0] for pair in self.pairs]

    @property
    def theirs(self) -> list[float]:
        return [pair[1] for pair in self.pairs]

    @property
    def pair_ratios(self) -> list[float]:
        return [ours / theirs for ours, theirs in self.pairs]

    @property
    def ratio(self) -> float:
        """The median of the ratios of adjacent rounds: the machine's drift between rounds cancels out."""
        return median(self.pair_ratios)

    @property
    def interval(self) -> tuple[float, float] | None:
        """Where the median of the ratios lies with 95 % confidence; None for too few rounds to say.

        By the ranks of the sign test, which supposes nothing of how the ratios are distributed.
        """
        ordered = sorted(self.pair_ratios)
        count = len(ordered)
        outside, rank = 0.0, 0
        while rank < count // 2 and outside + 2 * comb(count, rank) / 2**count <= 0.05:
            outside += 2 * comb(count, rank) / 2**count
            rank += 1
        return (ordered[rank - 1], ordered[count - rank]) if rank else None

    @property
    def ratio_of_medians(self) -> float:
        return median(self.ours) / median(self.theirs)

    @property
    def falls_short(self) -> bool:
        return self.verdict == "FALLS SHORT"

    @property
    def verdict(self) -> str:
        if not self.floor:
            return "–"
        value = median(self.ours) if self.floor.absolute else self.ratio
        if not self.floor.holds(value):
            return "FALLS SHORT"
        return "pass, aim reached" if self.floor.reaches_aim(value) else "pass"


@dataclass
class Table:
    """A titled table of text cells."""

    title: str
    header: list[str]
    rows: list[list[str]] = field(default_factory=list)


@dataclass
class Results:
    """All that a run found out."""

    figures: list[Figure] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    commands: dict[str, str] = field(default_factory=dict)
    profiles: dict[str, str] = field(default_factory=dict)

    def without_floors(self) -> None:
        """Drops the floors, which are bounds of the ratio to nginx, where the other server is another."""
        self.figures = [replace(figure, floor=None) for figure in self.figures]

    @property
    def shortfalls(self) -> list[Figure]:
        return [figure for figure in self.figures if figure.falls_short]


def alternate(
    servers: tuple[Server, Server], rounds: int, measure: Callable[[Server], Sample]
) -> list[tuple[Sample, Sample]]:
    """Measures A B A B …, never both at once; each element holds two adjacent rounds."""
    ours, theirs = servers
    return [(measure(ours), measure(theirs)) for _ in range(rounds)]


def spread(values: list[float], decimals: int = 0) -> str:
    """Median with the smallest and the largest value."""
    low, mid, high = (f"{value:,.{decimals}f}" for value in (min(values), median(values), max(values)))
    return f"{mid} ({low}–{high})"
