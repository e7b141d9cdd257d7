"""Record sections: what the page of some kinds shows besides its fields, by the kind's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from aipm_site.pages.context import PageContext
from aipm_site.records.record import Entry

Section = Callable[[PageContext, Any], object]

SECTIONS: Mapping[str, Section] = {}
