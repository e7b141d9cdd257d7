"""Actions: who does what by when, and which approval it waits for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from aipm_site.records.fields import IsoDate, Line, Prose, reference_to
from aipm_site.records.kind import Breach, Expectation, Kind, in_status
from aipm_site.records.record import Part, Record, expected, needed, optional

ApprovalType = Literal[
    "legal_signoff", "security", "ethics", "budget", "vendor_quote", "client_acceptance", "data_access", "other"
]
ApprovalState = Literal["not_requested", "requested", "granted", "granted_with_conditions", "refused", "expired"]


class Approval(Part):
    """A yes that somebody else must give."""

    type: ApprovalType = needed("what sort of approval it is")
    approver: Annotated[Line, reference_to("person", only_ids=True)] | None = expected("the role that gives it")
    state: ApprovalState = optional("how far it is", "not_requested")
    requested_on: IsoDate | None = optional("the day on which it was asked for")
    due_on: IsoDate | None = optional("the day by which it is needed")
    decided_on: IsoDate | None = optional("the day on which it was given or refused")
    evidence: Annotated[Line, reference_to("evidence", only_ids=True)] | None = optional("where the answer is kept")
    conditions: tuple[Line, ...] = optional("conditions that come with it", many=True)


class Action(Record):
    """Something that somebody does by a day."""

    status: Literal["open", "in_progress", "waiting", "done", "cancelled"] = optional("where it stands", "open")
    what: Prose | None = expected("what is to be done, in one clause")
    due: IsoDate = needed("the day by which it is done")
    approval: Approval | None = optional("the approval that it waits for")
    raised_in: Annotated[Line, reference_to()] | None = expected("the meeting or stand-up that raised it")
    done_on: IsoDate | None = optional("the day on which it was done")


def done_day_suits_status(action: Action) -> Iterable[Breach]:
    """Find a day of completion on an action that is not done."""
    if action.done_on and action.status != "done":
        message = f"done_on is given, and status is '{action.status}'"
        yield Breach("contradiction", message, ("done_on",), "write status: done, or leave done_on out")


def approval_is_in_order(action: Action) -> Iterable[Breach]:
    """Find an approval that falls due before it was asked for."""
    approval = action.approval
    if approval and approval.requested_on and approval.due_on and approval.due_on < approval.requested_on:
        message = f"due_on {approval.due_on} is before requested_on {approval.requested_on}"
        yield Breach("wrong-order", message, ("approval", "due_on"))


def approval_is_scheduled(action: Action) -> Iterable[Breach]:
    """Warn of an approval that nobody has asked for, or that nobody needs by a day: it does not come by itself."""
    approval = action.approval
    if approval is None or approval.state not in {"not_requested", "requested"} or action.status in KIND.done:
        return
    absent = [name for name in ("requested_on", "due_on") if getattr(approval, name) is None]
    if absent:
        message = f"the approval has no {' and no '.join(absent)}: it is neither asked for nor awaited by a day"
        yield Breach("approval-not-scheduled", message, ("approval",), "give requested_on and due_on", "warning")


def _is_granted(action: Action, _: object) -> bool:
    return action.approval is not None and action.approval.state in {"granted", "granted_with_conditions"}


KIND = Kind(
    Action,
    name="action",
    folder="actions",
    prefix="ACT",
    plural="actions",
    register="Actions",
    columns=("id", "title", "due", "status", "owner"),
    done=frozenset({"done", "cancelled"}),
    default_status="open",
    ended=("done_on",),
    rules=(done_day_suits_status, approval_is_in_order, approval_is_scheduled),
    expectations=(
        Expectation(
            ("done_on",),
            when=in_status("done"),
            because="what is done was done on a day",
        ),
        Expectation(("approval.evidence",), when=_is_granted, because="a granted approval can be shown"),
    ),
    order=lambda action: (action.due, action.id),
)
