"""The report: one Markdown text, printed and written alike."""

from .figures import Figure, Results, Table, spread


def render(results: Results, provenance: dict[str, str], names: tuple[str, str], configuration: str) -> str:
    """The whole report; it ends with a newline."""
    parts = [f"# FauxGuard beside {names[1]}", _verdict(results), table_text(_figures(results.figures, names))]
    parts.append(
        "Median (smallest–largest) of all rounds. *Ratio* is the median of the ratios of adjacent rounds, and what a "
        "floor is held against; the last ratio is that of the two medians. Ratios are FauxGuard's share of the "
        "other's value. Compare figures only within one run, and only where a server had its core to itself."
    )
    parts.append("## Beside the figures")
    for table in results.tables:
        parts += [f"**{table.title}**", table_text(table)]
    if results.notes:
        parts.append("\n".join(f"- {note}" for note in results.notes))
    for name, text in results.profiles.items():
        parts += [f"## Profile: {name}", "FauxGuard's share of samples (perf, cpu-clock).", _fenced(text)]
    parts += ["## Where and when", "\n".join(f"- **{name}**: {value}" for name, value in provenance.items())]
    parts += ["## Commands", "From the repository's root; the ports are those of this run."]
    parts.append(_fenced("\n".join(f"# {label}\n{command}" for label, command in results.commands.items())))
    if configuration:
        parts += ["nginx's configuration:", _fenced(configuration.rstrip())]
    return "\n\n".join(parts) + "\n"


def _verdict(results: Results) -> str:
    held = [figure for figure in results.figures if figure.floor]
    if not held:
        return "No floor is held against these ratios."
    if not results.shortfalls:
        return f"Every floor that this run measured holds ({len(held)})."
    short = ", ".join(figure.title for figure in results.shortfalls)
    return f"**{len(results.shortfalls)} of {len(held)} floors missed: {short}.**"


def _figures(figures: list[Figure], names: tuple[str, str]) -> Table:
    table = Table("", ["figure", *names, "ratio", "of medians", "floor", "verdict"])
    for figure in figures:
        ours, theirs = spread(figure.ours, figure.decimals), spread(figure.theirs, figure.decimals)
        cells = [f"{figure.title}, {figure.unit}", ours, theirs]
        cells += [spread(figure.pair_ratios, 2), f"{figure.ratio_of_medians:.2f}"]
        cells += [str(figure.floor or "–"), figure.verdict]
        table.rows.append(cells)
    return table


def table_text(table: Table) -> str:
    lines = [table.header, *table.rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(table.header))]

    def padded(cells: list[str]) -> str:
        return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths)) + " |"

    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([padded(table.header), rule, *map(padded, table.rows)])


def _fenced(text: str) -> str:
    return f"```\n{text}\n```"
