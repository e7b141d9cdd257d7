"""Material changes of a report: what is not what it was when it was told last, and what the risks did since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from msgspec import Struct

from aipm_site.changes.figures import FigureChange
from aipm_site.changes.since_report import SinceReport
from aipm_site.facts.facts import Facts
from aipm_site.facts.figure import AnyFigure, Figure, plain_number
from aipm_site.facts.history import Standing
from aipm_site.summaries.change_words import delta_text, sense, status_text
from aipm_site.summaries.key_figures import KeyFigures
from aipm_site.summaries.model import CandidateLines
from aipm_site.summaries.past import Past
from aipm_site.summaries.printed import FigureRef
from aipm_site.summaries.risk import RiskLines

# What a report must tell wherever it moved (domain §4.4, sample A); the other figures stand in its table alone.
_TOLD = frozenset({"finish_p80", "finish_p50", "finish_slip", "eac", "cv", "risk_red"})
# A status is told by its words; a figure that nobody told before did not change.
_MOVED = frozenset({"moved", "other_unit", "unknown_then"})
# What a figure did that nothing earlier can be held against.
_NOT_COMPARED = frozenset({"first", "new", "nothing", "not_shared"})


class Move(Struct, frozen=True):
    """A status or figure that is not what it was.

    Attributes:
        subject: "status", or what the figure is about, as in the table of main figures.
        titles: Of a status: "overall" and the dimensions that turned alike, each with its figure; none for a figure.
        before: What it was; None where it was not known.
        after: What it is.
        size: By how much it moved, where both texts are the same, or that it is counted from another baseline, so that
            the two cannot be compared; None where the texts tell it.
    """

    subject: str
    titles: tuple[FigureRef, ...]
    before: FigureRef | None
    after: FigureRef
    size: FigureRef | None = None


class ChangesSince(Struct, frozen=True):
    """What changed since one day.

    Attributes:
        day: The day that the earlier report or revision spoke for.
        moves: Statuses, the overall one first, then figures.
        risks: How many risks began and ended since, by how.
    """

    day: date
    moves: tuple[Move, ...]
    risks: tuple[FigureRef, ...]


class MaterialChanges(Struct, frozen=True):
    """What changed since the last report, or since the revision before where none was issued.

    Attributes:
        since: The changes by the day that they are counted from, the latest first; none where nothing changed.
        compared_with: The last day of which something is known; None where nothing earlier is.
        is_all_compared: Whether an earlier value is known of each of these figures that the report has.
        is_any: Whether anything changed, a candidate against production included.
    """

    since: tuple[ChangesSince, ...]
    compared_with: date | None
    is_all_compared: bool
    is_any: bool


def material_changes(
    facts: Facts, past: Past, key: KeyFigures, risks: RiskLines, candidates: Sequence[CandidateLines]
) -> MaterialChanges:
    """Return what changed of status, finish, cost and risks (domain §4.2, point 4).

    Args:
        facts: What the readers of the report may see.
        past: What they may know of the time before.
        key: The main figures of the report: what is told here is what they hold against the same earlier value.
        risks: What it says of the risks.
        candidates: What it says of the candidates.
    """
    moves: dict[date, list[Move]] = defaultdict(list)
    known: set[date] = set()
    told = [
        (line.subject, past.since_report(facts.figures[line.now.name], facts))
        for line in key.lines
        if line.subject in _TOLD
    ]
    for day, move in (*_statuses(facts), *_figures(told)):
        known.add(day)
        if move is not None:
            moves[day].append(move)
    began = {risks.since: risks.moved} if risks.since and risks.moved else {}
    days = sorted({*moves, *began}, reverse=True)
    return MaterialChanges(
        since=tuple(ChangesSince(day, tuple(moves[day]), began.get(day, ())) for day in days),
        compared_with=max({*known, *began}, default=None),
        is_all_compared=not any(since.outcome in _NOT_COMPARED for _, since in told),
        is_any=bool(days) or any(one.is_material or one.outside for one in candidates),
    )


def _statuses(facts: Facts) -> Iterator[tuple[date, Move | None]]:
    """Give the day of each status that is known from before, with its move where it has another word now."""
    status = facts.status
    stands: list[tuple[str, str, Standing]] = [(one.name, one.status, one.standing) for one in status.listed]
    if status.is_listed and status.overall != "not_shared":
        stands.insert(0, ("overall", status.overall, status.standing))
    turned: dict[tuple[date, str, str], list[str]] = defaultdict(list)
    for name, word, before in stands:
        if before.previous is not None and before.previous_as_of is not None:
            turned[before.previous_as_of, before.previous, word].append(name)
    for (day, then, now), names in turned.items():
        yield day, _turned(names, then, now) if then != now else None


def _turned(names: Sequence[str], before: str, after: str) -> Move:
    titles = (FigureRef(f"status.{name}", name if number else name.capitalize()) for number, name in enumerate(names))
    figure = f"status.{names[0]}"
    return Move("status", tuple(titles), FigureRef(figure, status_text(before)), FigureRef(figure, status_text(after)))


def _figures(told: Iterable[tuple[str, SinceReport]]) -> Iterator[tuple[date, Move | None]]:
    """Give the day of each figure that is known from before, with its move where it has another value now."""
    for subject, since in told:
        if since.origin is not None and since.outcome not in _NOT_COMPARED:
            yield since.origin.day, _moved(subject, since.change) if since.outcome in _MOVED else None


def _moved(subject: str, change: FigureChange) -> Move | None:
    before, after = _text(subject, change.before), _text(subject, change.after)

    def told(text: str) -> FigureRef:
        # Its earlier value stands beside it, or that this was not known.
        return FigureRef(change.name, text, is_compared=True)

    if before == after and change.delta is None:
        return None  # a report that gave the same in another word for its unit
    # Money is rounded for a sentence: what moved by less than that is told by how much.
    size = told(delta_text(change)) if before == after else None
    if change.is_rebaselined:
        size = told(sense(None, is_rebaselined=True))
    return Move(subject, (), told(before) if before else None, told(after), size)


def _text(subject: str, figure: AnyFigure | None) -> str:
    """Return how a figure is written here; "" where it was not known."""
    if not isinstance(figure, Figure):
        return ""
    # The template says already that these are risks in the red band.
    return plain_number(figure.value)[0] if subject == "risk_red" else figure.text.replace("\xa0", " ")
