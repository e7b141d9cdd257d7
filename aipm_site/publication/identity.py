"""Identity: what published files say of the project and revision they were made from."""

from __future__ import annotations

from aipm_site.exports.status_json import Identity
from aipm_site.session import Session


def identity_of(session: Session, site_name: str) -> Identity:
    """Return the identity of a session's files; the charter's title only where its audience may see it."""
    charter = session.whole.charter
    shown = session.whole.has_charter and session.whole.may_see(session.audience, session.whole.audience_of(charter))
    return Identity(
        project_id=charter.id if shown else None,
        project_name=charter.title if shown else site_name,
        revision=session.revision.commit,
        uncommitted=session.revision.uncommitted,
        audience=session.audience,
        unread=session.whole.unread,
    )
