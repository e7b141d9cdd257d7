"""Versions: which published versions there are, in the form that Material's version selector reads, and their names."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, count
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from aipm_site.records.publishing import LATEST, Keep, is_day_or_period, is_name

VERSIONS = "versions.json"
_DAY_AND_NUMBER = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(-[0-9]+)?\Z")
IsAncestor = Callable[[str, str], bool]
"""Says whether the first revision is known to be an ancestor of the second."""


class NotVersions(Exception):
    """The file is not a list of versions that we wrote."""


class NameTaken(Exception):
    """A version cannot have the name; the message says why."""


class Version(Struct, frozen=True):
    """One published version.

    Attributes:
        name: Its folder.
        as_of: The day or moment that it speaks for.
        revision: The commit that it was built from.
        committed: When that was committed, with offset; None where the build does not say.
        audience: For whom it is.
        status: The overall status as a word; None where it is not shared.
        assets: Folder of the style sheets and scripts that it shares with other versions.
        aliases: Other names under which it is found, sorted.
        pinned: Those of them that were given by hand, so that no rule moves them.
        named: Whether a person named it, so that no rule takes it away.
    """

    name: str
    as_of: str
    revision: str
    committed: str | None
    audience: str
    status: str | None
    assets: str
    aliases: tuple[str, ...] = ()
    pinned: tuple[str, ...] = ()
    named: bool = False

    @property
    def day(self) -> date:
        """The day that it speaks for."""
        return date.fromisoformat(self.as_of[:10])

    @property
    def looks_back(self) -> bool:
        """Whether what it speaks for was over when its commit was made, so that it was made to look back."""
        if self.committed is None:
            return False
        # Of a day the zone is not known here; on the last islands it ends at noon of the next day in UTC.
        last = datetime.combine(self.day + timedelta(days=1), time(12), UTC)
        end = datetime.fromisoformat(self.as_of) if _is_moment(self.as_of) else last
        return end < datetime.fromisoformat(self.committed)

    @property
    def folders(self) -> tuple[str, ...]:
        """All folders under which it is found."""
        return (self.name, *self.aliases)

    def is_same_state(self, other: Version) -> bool:
        """Say whether both show the same revision at the same date to the same readers."""
        return (self.revision, self.as_of, self.audience) == (other.revision, other.as_of, other.audience)


def read_versions(data: bytes) -> tuple[Version, ...]:
    """Return the versions of a versions.json, newest first.

    Raises:
        NotVersions: It is not JSON, or another tool wrote it.
    """
    try:
        items = json.loads(data)
        if not isinstance(items, list):
            raise TypeError("it is no list")
        return tuple(map(_read_version, items))
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise NotVersions(str(fault)) from None


def _read_version(item: Mapping[str, Any]) -> Version:
    version = Version(
        name=str(item["version"]),
        as_of=str(item["as_of"]),
        revision=str(item["revision"]),
        committed=item["committed"],
        audience=str(item["audience"]),
        status=item["status"],
        assets=str(item["assets"]),
        aliases=tuple(map(str, item["aliases"])),
        pinned=tuple(map(str, item.get("pinned", ()))),
        named=item.get("named") is True,
    )
    # They become paths, and Material writes them into pages as they are.
    for name in (*version.folders, version.assets):
        if not is_name(name):
            raise ValueError(f"{name!r} is no name of a version")
    date.fromisoformat(version.as_of[:10])
    return version


def versions_json(versions: Iterable[Version]) -> bytes:
    """Return versions.json: an array of `version`, `title` and `aliases` as `mike` writes it, and our own keys."""
    lines = [json.dumps(_as_data(version), ensure_ascii=False) for version in versions]
    return ("[\n" + ",\n".join(lines) + "\n]\n" if lines else "[]\n").encode()


def _as_data(version: Version) -> dict[str, Any]:
    return {
        "version": version.name,
        "title": version.name,
        "aliases": list(version.aliases),
        "as_of": version.as_of,
        "revision": version.revision,
        "committed": version.committed,
        "audience": version.audience,
        "status": version.status,
        "assets": version.assets,
        **({"pinned": list(version.pinned)} if version.pinned else {}),
        **({"named": True} if version.named else {}),
    }


def check_name(name: str, day: date) -> None:
    """Refuse a name of a version that says a day which it does not speak for, or a period.

    Args:
        name: The name that it was given.
        day: The day that it speaks for.

    Raises:
        NameTaken: It says such a day or period.
    """
    named = _DAY_AND_NUMBER.match(name)
    if named and named[1] != day.isoformat():
        raise NameTaken(f"'{name}' is another day than the version speaks for, {day}")
    if not named and is_day_or_period(name):
        raise NameTaken(f"'{name}' has the form of a period, under which versions are found by rule")


def find_name(new: Version, versions: Sequence[Version]) -> tuple[str, Version | None]:
    """Return the name for a version, and the version that shows just this already, if one does.

    Where the wanted name is that of another state, it is followed by `-2`, `-3` and so on, but never so that a day or
    a period comes of it: `2026-04-15` is no fifteenth version of a name `2026-04`.

    Args:
        new: The version, with the name that is wanted for it.
        versions: Those that are there.

    Raises:
        NameTaken: An alias has the name.
    """
    there = next((v for v in versions if v.is_same_state(new) and _is_numbered(v.name, new.name)), None)
    if there is not None:
        return there.name, there
    taken = {version.name.casefold() for version in versions}
    numbered = (f"{new.name}-{number}" for number in count(2))
    names = chain((new.name,), (name for name in numbered if _is_numbered(name, new.name)))
    name = next(name for name in names if name.casefold() not in taken)
    if name.casefold() in {LATEST, *(alias.casefold() for version in versions for alias in version.aliases)}:
        why = "which moves from version to version; --remove-alias takes away what was given by hand"
        raise NameTaken(f"'{name}' is an alias, {why}")
    return name, None


def _is_numbered(name: str, wanted: str) -> bool:
    """Say whether a name is the one that was wanted, or that with a number behind it."""
    form = rf"{re.escape(wanted)}(-([2-9]|[1-9][0-9]+))?\Z"
    is_other = name.casefold() != wanted.casefold() and is_day_or_period(name)
    return bool(re.match(form, name, re.IGNORECASE)) and not is_other


def comes_after(new: Version, other: Version, is_ancestor: IsAncestor) -> bool:
    """Say whether a version may take the place of another as the newest.

    Of two commits on one line of history the newer one comes after, whatever day it speaks for: the older lacks what
    was recorded since. Only a version that was made to look back stays behind one of a later date. Elsewhere neither
    its commit nor its date may be older.
    """
    if new.revision != other.revision:
        if is_ancestor(new.revision, other.revision):
            return False
        if is_ancestor(other.revision, new.revision):
            return not (new.looks_back and _is_earlier(new.as_of, other.as_of))
        # The clocks of those who committed decide.
        if _is_older(new.committed, other.committed):
            return False
    return not _is_earlier(new.as_of, other.as_of)


def _is_older(one: str | None, other: str | None) -> bool:
    return bool(one and other) and datetime.fromisoformat(str(one)) < datetime.fromisoformat(str(other))


def _is_moment(as_of: str) -> bool:
    """Say whether an as-of is a moment, not a day."""
    return len(as_of) > len("2026-04-15")


def _is_earlier(one: str, other: str) -> bool:
    """Compare two days or moments; of a day and a moment in it neither is earlier."""
    if _is_moment(one) and _is_moment(other):
        return datetime.fromisoformat(one) < datetime.fromisoformat(other)
    return date.fromisoformat(one[:10]) < date.fromisoformat(other[:10])


def period_of(word: str, day: date) -> str:
    """Return the name of the period that a day lies in; a word that is no period is a name of its own.

    Weeks are those of ISO 8601: Monday to Sunday, counted in the year that has their Thursday.
    """
    iso = day.isocalendar()
    names = {
        "week": f"{iso.year}-W{iso.week:02}",
        "month": f"{day.year:04}-{day.month:02}",
        "quarter": f"{day.year:04}-Q{(day.month + 2) // 3}",
        "year": f"{day.year:04}",
    }
    return names.get(word, word)


def rule_aliases(version: Version, rules: Iterable[str]) -> tuple[str, ...]:
    """Return the aliases that a version would bear by rule; `latest` is always one."""
    return tuple(dict.fromkeys((LATEST, *(period_of(rule, version.day) for rule in rules))))


def add_version(
    versions: Sequence[Version], new: Version, rules: Iterable[str], by_hand: Iterable[str], is_ancestor: IsAncestor
) -> tuple[Version, ...]:
    """Return the versions with a new one in its place, and the aliases that it takes over.

    An alias moves to it unless a newer version bears it, so an old commit never becomes the latest, and the latest
    never lacks what a newer commit brought.

    Args:
        versions: Those that are there, newest first.
        new: The new one, with its final name.
        rules: What `publish.aliases` says.
        by_hand: Aliases that it gets in any case.
        is_ancestor: What git knows of two revisions.

    Raises:
        NameTaken: An alias would have the name of a version, or that of another one but for its case.
    """
    pinned = tuple(dict.fromkeys(by_hand))
    _refuse_names((*pinned, *rule_aliases(new, rules)), (*versions, new))
    bearers = {alias: version for version in versions for alias in version.aliases}
    taken = {
        alias
        for alias in rule_aliases(new, rules)
        if alias not in bearers
        or (alias not in bearers[alias].pinned and comes_after(new, bearers[alias], is_ancestor))
    }
    taken |= set(pinned)
    others = [_without_aliases(version, taken) for version in versions]
    added = replace(new, aliases=tuple(sorted(taken)), pinned=tuple(sorted(pinned)))
    return tuple(_in_order(others, added, is_ancestor))


def _refuse_names(aliases: Iterable[str], versions: Iterable[Version]) -> None:
    versions = tuple(versions)
    names = {version.name.casefold() for version in versions}
    known = {alias.casefold(): alias for version in versions for alias in version.aliases}
    for alias in aliases:
        if alias.casefold() in names:
            raise NameTaken(f"the alias '{alias}' is the name of a version")
        other = known.setdefault(alias.casefold(), alias)
        if other != alias:
            hint = f"write it alike, or take that away with --remove-alias {other}"
            raise NameTaken(f"'{alias}' and the alias '{other}' are one folder on some systems; {hint}")


def _without_aliases(version: Version, taken: set[str]) -> Version:
    left = tuple(alias for alias in version.aliases if alias not in taken)
    return replace(version, aliases=left, pinned=tuple(alias for alias in version.pinned if alias not in taken))


def _in_order(others: Sequence[Version], new: Version, is_ancestor: IsAncestor) -> Iterator[Version]:
    """Give the versions newest first: the new one before the first that it comes after."""
    place = next((i for i, other in enumerate(others) if comes_after(new, other, is_ancestor)), len(others))
    yield from (*others[:place], new, *others[place:])


def pin_aliases(versions: Sequence[Version], name: str, aliases: Iterable[str]) -> tuple[Version, ...]:
    """Return the versions with one of them found under more names, which it takes from others.

    Raises:
        NameTaken: An alias would have the name of a version, or that of another one but for its case.
    """
    wanted = set(aliases)
    _refuse_names(wanted, versions)
    left = [_without_aliases(v, wanted) for v in versions]
    return tuple(
        replace(v, aliases=tuple(sorted({*v.aliases, *wanted})), pinned=tuple(sorted({*v.pinned, *wanted})))
        if v.name == name
        else v
        for v in left
    )


def kept_versions(versions: Sequence[Version], keep: Keep | None, rules: Sequence[str]) -> tuple[Version, ...]:
    """Return the versions that stay: the newest, the last of each period, and what was given a name by hand.

    Args:
        versions: Those that are there, newest first.
        keep: Which of them stay; None lets all stay.
        rules: What `publish.aliases` says; by it aliases of those that go fall back to the newest that may bear them.
    """
    if keep is None:
        return tuple(versions)
    last_of_period: dict[tuple[str, str], str] = {}
    for version in sorted(versions, key=lambda version: version.day, reverse=True):
        for period in keep.ends_of:
            last_of_period.setdefault((period, period_of(period, version.day)), version.name)
    stay = {version.name for version in versions[: keep.last]} | set(last_of_period.values())
    gone = [v.name for v in versions if not (v.name in stay or v.named or v.pinned or LATEST in v.aliases)]
    return without_versions(versions, gone, rules)


def without_versions(versions: Sequence[Version], names: Iterable[str], rules: Sequence[str]) -> tuple[Version, ...]:
    """Return the versions without those of a name; their aliases fall back to the newest that may bear them."""
    gone = {name.casefold() for name in names}
    left = [version for version in versions if version.name.casefold() not in gone]
    orphans = {a for v in versions if v.name.casefold() in gone for a in v.aliases if a not in v.pinned}
    return _inherited(left, orphans, rules)


def _inherited(versions: Sequence[Version], orphans: Iterable[str], rules: Sequence[str]) -> tuple[Version, ...]:
    """Give aliases that nobody bears to the newest version that a rule gives them to."""
    heirs = list(versions)
    for alias in sorted(orphans):
        heir = next((index for index, version in enumerate(heirs) if alias in rule_aliases(version, rules)), None)
        if heir is not None:
            heirs[heir] = replace(heirs[heir], aliases=tuple(sorted({*heirs[heir].aliases, alias})))
    return tuple(heirs)


def without_aliases(versions: Sequence[Version], aliases: Iterable[str], rules: Sequence[str]) -> tuple[Version, ...]:
    """Return the versions without names that were given by hand; one that a rule gives too moves by the rule again.

    Args:
        versions: Those that are there, newest first.
        aliases: What they shall not be found as any more.
        rules: What `publish.aliases` says.

    Raises:
        NameTaken: A rule gives one of them, and no hand did.
    """
    gone = set(aliases)
    pinned = {alias for version in versions for alias in version.pinned}
    by_rule = {alias for version in versions for alias in rule_aliases(version, rules)}
    for alias in sorted(gone & by_rule - pinned):
        raise NameTaken(f"the alias '{alias}' is given by rule, as `publish.aliases` in project.yml says")
    return _inherited([_without_aliases(version, gone) for version in versions], gone, rules)
