"""Compiled templates: kept from one build to the next, as Python keeps its compiled modules.

A build uses sixty templates, most of them Material's. Jinja needs longer to compile them than a hundred records need
from file to page, and what comes of it depends on nothing but the templates and the versions of Python and Jinja.
"""

from __future__ import annotations

import hashlib
import marshal
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from types import CodeType
from typing import Any, TypeVar

from jinja2 import Environment, nodes
from jinja2.bccache import Bucket, BytecodeCache, bc_version
from jinja2.compiler import CodeGenerator
from jinja2.filters import FILTERS
from jinja2.tests import TESTS

from aipm_site.user_cache import UserCache, chosen_cache

_DIGEST = 32
# To be counted up when `_Generator` changes.
_FORM = 1
_SYNTAX = (
    *("block_start_string", "block_end_string", "variable_start_string", "variable_end_string"),
    *("comment_start_string", "comment_end_string", "line_statement_prefix", "line_comment_prefix"),
    *("trim_blocks", "lstrip_blocks", "newline_sequence", "keep_trailing_newline"),
    *("is_async", "sandboxed", "newstyle_gettext", "intercepted_binops", "intercepted_unops"),
)
_POLICIES = ("compiler.ascii_str", "ext.i18n.trimmed")

AnyEnvironment = TypeVar("AnyEnvironment", bound=Environment)


def with_compiled_templates(environment: AnyEnvironment, label: str, made_by: bytes = b"") -> AnyEnvironment:
    """Return the same environment; its templates are compiled once for as long as nothing about them changes.

    An environment of a form that is not known here is left as it is, and all are where no cache was chosen.

    Args:
        environment: What loads the templates.
        label: Which templates they are. A template has one file in the cache for each label and name, so that it
            does not grow with every version; of two that share both, the one compiled last is kept.
        made_by: What else decides what a template is compiled to, such as the source of a check of its syntax.
    """
    files = chosen_cache()
    if files is not None and environment.bytecode_cache is None and _is_known(environment):
        environment.bytecode_cache = _CompiledTemplates(files, label, made_by)
        environment.code_generator_class = _Generator
        environment.optimized = False
    return environment


def _is_known(environment: Environment) -> bool:
    """Say whether what an environment compiles depends only on what `_circumstances` names."""
    is_own = type(environment) is Environment or type(environment).__module__.startswith("aipm_site.")
    theirs = [name for name in environment.extensions if not name.startswith("jinja2.ext.")]
    has_own_generator = environment.code_generator_class is not CodeGenerator
    return is_own and not theirs and not has_own_generator and environment.finalize is None


class _Generator(CodeGenerator):
    """Works out nothing while compiling but text.

    Jinja fills `{{ "a" | filter }}` in when it compiles. Then what is kept would depend on the filter's code, which may
    be a plugin's and change without a new version.
    """

    def _output_child_to_const(self, node: nodes.Expr, frame: Any, finalize: Any) -> str:
        if not isinstance(node, nodes.TemplateData):
            raise nodes.Impossible
        return super()._output_child_to_const(node, frame, finalize)


class _CompiledTemplates(BytecodeCache):
    """Jinja's side of the cache: finds and keeps the code of one template."""

    def __init__(self, files: UserCache, label: str, made_by: bytes) -> None:
        self._files = files
        self._label = label
        self._made_by = made_by

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """Return the name of the template's file in the cache."""
        return _digest(self._label, name).hex()

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        """Return the code of a template, empty where it is not kept or anything that it depends on has changed."""
        around = _circumstances(environment, name)
        checksum = _digest(around, self._made_by.hex(), name, filename or "", source).hex()
        bucket = Bucket(environment, self.get_cache_key(name, filename), checksum)
        self.load_bytecode(bucket)
        return bucket

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket if its template is kept, whole, and made of the same."""
        data = self._files.read(bucket.key) or b""
        head, code = data[: 2 * _DIGEST], data[2 * _DIGEST :]
        # A file that was cut short or changed must not get into `marshal`, which can take the process down.
        if head == bytes.fromhex(bucket.checksum) + hashlib.sha256(code).digest():
            loaded = marshal.loads(code)
            bucket.code = loaded if isinstance(loaded, CodeType) else None

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template."""
        code = marshal.dumps(bucket.code)
        self._files.write(bucket.key, bytes.fromhex(bucket.checksum) + hashlib.sha256(code).digest() + code)


def _digest(*parts: str) -> bytes:
    # With its length before each part, so that no two lists of parts give the same text.
    return hashlib.sha256("".join(f"{len(part)}:{part}" for part in parts).encode("utf-8", "surrogatepass")).digest()


@cache
def _versions() -> str:
    return f"{_FORM} {sys.implementation.name} {sys.version} {sys.flags.optimize} {version('jinja2')} {bc_version}"


def _circumstances(environment: Environment, name: str) -> str:
    """Return all besides its text that a template's code depends on: versions, syntax, and how filters are called."""
    autoescape = environment.autoescape
    settings = [getattr(environment, setting, None) for setting in _SYNTAX]
    parts = [
        _versions(),
        type(environment).__qualname__,
        autoescape(name) if callable(autoescape) else autoescape,
        # Sorted: the order of a set depends on the process.
        [sorted(setting) if isinstance(setting, frozenset) else setting for setting in settings],
        _calls(environment.filters, FILTERS),
        _calls(environment.tests, TESTS),
        [environment.policies.get(policy) for policy in _POLICIES],
        sorted(environment.extensions),
    ]
    return repr(parts)


def _calls(functions: Mapping[str, Any], usual: Mapping[str, Any]) -> list[list[str]]:
    """Return which filters there are besides the usual ones, what Jinja hands to each, and which are missing."""
    own = (word for word, function in functions.items() if usual.get(word) is not function)
    passed = [f"{word} {getattr(functions[word], 'jinja_pass_arg', None)}" for word in own]
    return [sorted(passed), sorted(usual.keys() - functions.keys())]
