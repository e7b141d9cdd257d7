"""A project of somebody who wants to run code in the reader's browser: every payload in every place that takes text."""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterator, Mapping

_RUN = "window.__xss='{}'"

# Each payload, where it runs, says under which name it ran.
PAYLOADS: Mapping[str, str] = {
    "script": "<script>{run}</script>",
    "image": "<img src=x onerror={run}>",
    "svg": "<svg onload={run}></svg>",
    "details": "<details open ontoggle={run}><summary>d</summary></details>",
    "frame": '<iframe srcdoc="<script>parent.{run}</script>"></iframe>',
    "breakout": '"><img src=x onerror={run}>',
    "handler": "\" onmouseover=\"{run}\" x=\"' onmouseover='{run}' onfocus='{run}' autofocus='",
    "entity": "&lt;img src=x onerror={run}&gt;",
    "double-entity": "&amp;lt;img src=x onerror={run}&amp;gt;",
    "numeric-entity": "&#60;img src=x onerror={run}&#62;",
    "comment": "<!-- --><img src=x onerror={run}> -->",
    "closing": "</title></textarea></style></script></td></a><img src=x onerror={run}>",
    "link": "[CANARY](javascript:{run})",
    "hidden-link": "[CANARY](java&#115;cript:{run})",
    "data-link": "[CANARY](data:text/html,<script>opener.{run}</script>)",
    "autolink": "<javascript:{run}>",
    "link-title": "[CANARY](# '<img src=x onerror={run}>')",
    "image-text": '![CANARY" onerror="{run}](../dot.png)',
    "reference": "[[<img src=x onerror={run}>]]",
    "attributes": '**bold**{{: onmouseover="{run}" style="position:fixed" }}',
    "template": "{{{{ self.__init__.__globals__ }}}} {{{{ 7*7 }}}} {{% raw %}}",
    "code": "``<img src=x onerror={run}>``",
    "math": "<math><mtext><table><mglyph><style><img src=x onerror={run}></style></mglyph></table></mtext></math>",
}
# These are errors with their place, so no site holds them.
REFUSED = frozenset({"link", "hidden-link", "data-link"})
ACCEPTED = tuple(name for name in PAYLOADS if name not in REFUSED)
# A picture of one point, so that an image has something to show.
_DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
# Every gadget of the theme that decodes or moves text is on.
SETTINGS = """\
site_name: Hostile
docs_dir: content
theme:
  name: material
  font: false
  features: [content.tooltips, content.code.annotate, content.code.copy, search.suggest, search.highlight,
             search.share, navigation.tabs, navigation.indexes, navigation.footer, toc.follow, header.autohide]
plugins: [search, tags, aipm]
markdown_extensions:
  - abbr
  - admonition
  - attr_list
  - def_list
  - footnotes
  - md_in_html
  - tables
  - toc: {permalink: true}
  - pymdownx.details
  - pymdownx.highlight
  - pymdownx.superfences
  - pymdownx.tabbed: {alternate_style: true}
  - pymdownx.tasklist
"""


def payload(name: str) -> str:
    """Return a payload in one line, with a word that a search finds."""
    return f"canary {PAYLOADS[name].format(run=_RUN.format(name))}"


def _quoted(text: str) -> str:
    """Return text as a YAML scalar that says it letter by letter."""
    return "'" + text.replace("'", "''") + "'"


def _risk(number: int, name: str) -> str:
    text = _quoted(payload(name))
    fields = ("title", "owner", "cause", "event", "effect", "fallback_plan", "trigger", "summary")
    return (
        f"id: RSK-{number:03d}\nprobability: 4\nimpact: 4\n"
        + "".join(f"{field}: {text}\n" for field in fields)
        + f"tags: [{text}]\ncustom: {{{text}: {text}}}\n"
    )


def _decision(number: int, name: str) -> str:
    text = _quoted(payload(name))
    return (
        f"---\nid: DEC-{number:03d}\ntitle: {text}\nquestion: {text}\noptions: [{text}, other]\n"
        f"recommendation: {text}\ncost_of_delay: {text}\ndecide_by: 2026-04-20\nowner: {text}\n---\n"
        f"## {payload(name)}\n\n{payload(name)}\n\n- {payload(name)}\n\n> {payload(name)}\n"
    )


def _page(name: str) -> str:
    text = payload(name)
    return f"""\
---
title: {_quoted(text)}
description: {_quoted(text)}
tags: [hostile, R&D]
---

# {text}

## A heading {text}

ABBR and a note[^1] and {text}

| {text.replace("|", "")} | b |
|---|---|
| {text.replace("|", "")} | RSK-001 [[RSK-001]] |

!!! note "{text.replace('"', "'")}"

    {text}

=== "{text.replace('"', "'")}"

    {text}

``` yaml title="{text.replace('"', "'")}"
a: {text} # (1)
```

1.  {text}

```aipm
table: risk
title: {_quoted(text)}
```

*[ABBR]: {text}

[^1]: {text}
"""


def _gadgets() -> str:
    """Return a page whose every payload stands in a tooltip and in a footnote."""
    texts = [payload(name) for name in ACCEPTED]
    used = "\n".join(f"- AB{number} and a note[^{number}]" for number in range(len(texts)))
    told = "\n\n".join(f"*[AB{number}]: {text}\n\n[^{number}]: {text}" for number, text in enumerate(texts))
    return f"# Gadgets\n\n{used}\n\n{told}\n"


def files(pages: Collection[str] = ACCEPTED) -> Mapping[str, str | bytes]:
    """Return the files of the project by path, with a page for each of some payloads."""
    return dict(_files(pages))


def _files(pages: Collection[str]) -> Iterator[tuple[str, str | bytes]]:
    yield "mkdocs.yml", SETTINGS
    title = _quoted(payload("breakout"))
    yield (
        "content/project.yml",
        f"id: PRJ-001\ntitle: {title}\nas_of: 2026-04-15\ndimensions: [risk, quality]\npages: strict\n"
        f"charter: {title}\naudience: internal\njudgement: [{{dimension: quality, status: amber, reason: {title}, by:"
        f" {title}, on: 2026-04-10}}]\n",
    )
    yield "content/index.md", "---\ntitle: Home\n---\n\n```aipm\nhome\n```\n"
    for number, name in enumerate(ACCEPTED, start=1):
        yield f"content/risks/RSK-{number:03d}.yml", _risk(number, name)
        yield f"content/decisions/DEC-{number:03d}.md", _decision(number, name)
    for name in pages:
        yield f"content/wiki/{name}.md", _page(name)
    yield "content/wiki/gadgets.md", _gadgets()
    rows = "".join(
        f"- {{metric: M-a, value: 0.5, unit: ratio, as_of: 2026-04-14, n: 10, slice: {_quoted(payload(name))}}}\n"
        for name in ACCEPTED
    )
    yield "content/observations/observations.yml", rows
    yield "content/dot.png", _DOT
    yield "content/metrics/M-a.yml", f"id: M-a\ntitle: {title}\nunit: ratio\npolarity: higher_better\n"
