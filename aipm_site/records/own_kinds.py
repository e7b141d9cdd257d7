"""A project's kinds: those that there are, with the ones that it declares and the ones that it extends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from aipm_site.problems import Place, Problem, Related, did_you_mean, error, has_errors
from aipm_site.readers.declarations import WrittenDeclaration
from aipm_site.readers.yaml_data import YamlMapping
from aipm_site.records.declaration import RESERVED_NAMES, KindDeclaration, KindExtension, is_kind_name
from aipm_site.records.declaration_rules import built_breaches, declaration_breaches
from aipm_site.records.decode import decode_group, problem_of
from aipm_site.records.extended_kind import extended_breaches, extended_kind, extended_model, extension_breaches
from aipm_site.records.kind import Breach, Kind, Kinds
from aipm_site.records.own_kind import own_entry_model, own_kind
from aipm_site.records.record import FieldPath, Origin

# The charter is read by its own rules before anything else is known, and has `custom` for what is not in them.
_SETTINGS = "project"


class DeclarationForm(Struct, frozen=True):
    """What a declaration is called in messages, and the class of its fields."""

    name: str
    model: type[KindDeclaration]


class ExtensionForm(Struct, frozen=True):
    """What an extension is called in messages, and the class of its fields."""

    name: str
    model: type[KindExtension]


DECLARATION = DeclarationForm("kind", KindDeclaration)
EXTENSION = ExtensionForm("kind-extension", KindExtension)


def with_own_kinds(built_in: Kinds, written: Sequence[WrittenDeclaration]) -> tuple[Kinds, list[Problem]]:
    """Return the kinds of a project, and what is wrong with its declarations.

    A kind of which something is wrong is not among them; its records wait until it is mended.

    Args:
        built_in: The kinds that there are.
        written: The declarations, in the order of their files.
    """
    reading = _Reading(built_in, written)
    for declaration in written:
        reading.read(declaration)
    return reading.kinds(), reading.problems


class _Reading:
    """Reads the declarations one by one and keeps what they declare."""

    def __init__(self, built_in: Kinds, written: Sequence[WrittenDeclaration]) -> None:
        self.problems: list[Problem] = []
        self._built_in = {kind.name: kind for kind in built_in}
        self._files = {declaration.name: declaration.file for declaration in reversed(written)}
        self._names = [*self._built_in, *(w.name for w in written if w.data is None or "extends" not in w.data)]
        self._own: list[Kind] = []
        self._extended: dict[str, tuple[Kind, Place]] = {}
        self._unread: dict[str, str] = {}
        self._claims = _claims_of(built_in)

    def kinds(self) -> Kinds:
        """Return the kinds that can be used, those of the project after the others."""
        extended = {name: kind for name, (kind, _) in self._extended.items()}
        kinds = [extended.get(name, kind) for name, kind in self._built_in.items() if name not in self._unread]
        return Kinds([*kinds, *self._own], self._unread)

    def read(self, written: WrittenDeclaration) -> None:
        """Read one declaration."""
        is_extension = written.data is not None and "extends" in written.data
        found = self._extension(written) if is_extension else self._declaration(written)
        self.problems.extend(found)
        if has_errors(found) or written.data is None:
            self._wait_for(written)

    def _wait_for(self, written: WrittenDeclaration) -> None:
        """Remember a kind that cannot be used, so that its records are not judged without it."""
        data = written.data or YamlMapping()
        extended = self._built_in.get(str(data.get("extends")))
        if extended is not None and extended.name not in self._extended and extended.folder:
            self._unread[extended.name] = extended.folder
        elif written.name not in self._built_in:
            folder = str(data.get("folder"))
            is_its_own = self._claims.get(("folder", folder)) == written.file
            self._unread[written.name] = folder if is_its_own else ""

    def _declaration(self, written: WrittenDeclaration) -> list[Problem]:
        found = list(self._name_problems(written))
        if written.data is None:
            return found
        origin = _origin_of(written, written.data)
        declaration, problems = decode_group(DECLARATION, written.data, origin)
        found += [*problems, *self._claim_problems(written.data, origin)]
        if declaration is None:
            return found
        breaches = [*declaration_breaches(declaration), *self._reference_breaches(declaration)]
        found += [problem_of(breach, origin) for breach in breaches]
        if found:
            return found
        model = own_entry_model(written.name, declaration)
        found = [problem_of(breach, origin) for breach in built_breaches(declaration, model)]
        if not found:
            self._own.append(own_kind(written.name, declaration, model, origin))
        return found

    def _extension(self, written: WrittenDeclaration) -> list[Problem]:
        data = written.data or YamlMapping()
        origin = _origin_of(written, data)
        extension, problems = decode_group(EXTENSION, data, origin)
        found = [*self._file_problems(written), *problems]
        if extension is None:
            return found
        kind = self._built_in.get(extension.extends)
        place = origin.place_of(("extends",))
        if kind is None or kind.name == _SETTINGS or kind.name in self._extended:
            return [*found, self._not_extendable(extension.extends, place)]
        breaches = [*extension_breaches(kind, extension), *self._reference_breaches(extension)]
        if not breaches and not found:
            model = extended_model(kind, extension)
            breaches = list(extended_breaches(kind, extension, model))
            if not breaches:
                self._extended[kind.name] = extended_kind(kind, extension, model, origin), place
        return [*found, *(problem_of(breach, origin) for breach in breaches)]

    def _not_extendable(self, name: str, place: Place) -> Problem:
        if name in self._extended:
            related = [Related(self._extended[name][1], "first extended here")]
            hint = "write all fields into one of the two files"
            return error("not-extendable", f"'{name}' is extended twice", place, hint, related)
        if name == _SETTINGS:
            message = "project.yml holds the project's settings, so it is not extended"
            return error("not-extendable", message, place, "write what is your own under 'custom' in project.yml")
        if name in self._files:
            message = f"'{name}' is a kind of this project itself, and only kinds that are built in are extended"
            return error("not-extendable", message, place, f"write the fields into {self._files[name]}")
        hint = did_you_mean(name, self._built_in, f"kinds are {', '.join(self._built_in)}")
        return error("unknown-kind", f"there is no kind '{name}' to extend", place, hint)

    def _name_problems(self, written: WrittenDeclaration) -> Iterator[Problem]:
        yield from self._file_problems(written)
        place = Place(written.file)
        owner = self._claims.setdefault(("folder", written.name), written.file)
        if written.name in self._built_in:
            hint = f"write 'extends: {written.name}' to add fields to it, or give the file another name"
            yield error("kind-taken", f"there is a kind '{written.name}' already", place, hint)
        elif owner != written.file and self._files[written.name] == written.file:
            hint = "give the file another name"
            yield error("kind-taken", f"'{written.name}' is a word of {owner} already", place, hint)

    def _file_problems(self, written: WrittenDeclaration) -> Iterator[Problem]:
        place = Place(written.file)
        if not is_kind_name(written.name) or written.name in RESERVED_NAMES:
            hint = "small letters and digits, words joined by a hyphen, such as vendor-review.yml"
            yield error("not-a-name", f"the file's name '{written.name}' is not the name of a kind", place, hint)
        first = self._files[written.name]
        if first != written.file:
            related = [Related(Place(first), "the other one")]
            hint = "the file's name is the kind's: rename one of the two"
            yield error("kind-taken", f"two files declare the kind '{written.name}'", place, hint, related)

    def _claim_problems(self, data: YamlMapping, origin: Origin) -> Iterator[Problem]:
        """Yield what the declaration wants and another kind has, and remember what it has now."""
        for name in ("prefix", "folder", "plural"):
            claim = "prefix" if name == "prefix" else "folder", str(data.get(name))
            owner = self._claims.setdefault(claim, origin.file) if name in data else origin.file
            if owner != origin.file:
                hint = "every kind has a name, a folder and a prefix of its own"
                message = f"{name} '{claim[1]}' is that of {owner}"
                yield error("kind-taken", message, origin.place_of((name,)), hint)

    def _reference_breaches(self, declared: KindDeclaration | KindExtension) -> Iterator[Breach]:
        for index, field in enumerate(declared.fields):
            path: FieldPath = ("fields", index)
            yield from self._unknown_targets(field.to, path)
            for number, inner in enumerate(field.fields):
                yield from self._unknown_targets(inner.to, (*path, "fields", number))

    def _unknown_targets(self, names: Sequence[str], path: FieldPath) -> Iterator[Breach]:
        for index, name in enumerate(names):
            if name not in self._names:
                hint = did_you_mean(name, self._names, f"kinds are {', '.join(self._names)}")
                yield Breach("unknown-kind", f"there is no kind '{name}'", (*path, "to", index), hint)


def _claims_of(built_in: Kinds) -> dict[tuple[str, str], str]:
    """Return which kind has a prefix, or a word by which people ask for it: its name, folder or plural."""
    claims: dict[tuple[str, str], str] = {}
    for kind in built_in:
        whose = f"the kind '{kind.name}'"
        claims |= {("prefix", kind.prefix): whose}
        claims |= {("folder", word): whose for word in (kind.name, kind.folder, kind.plural)}
    return claims


def _origin_of(written: WrittenDeclaration, data: YamlMapping) -> Origin:
    return Origin(written.file, data.line, data.column, data)
