"""Decide: confirm, clear or refer a line with a reason, and undo it; each is a new record."""

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from elek_serving.access import Running, SignedIn, own_form
from elek_serving.desk.line_page import Shown, Typed, show_line
from elek_serving.desk.page import Decider, desk_router
from elek_serving.desk.queue import claim_next
from elek_serving.desk.queue_filter import QueueFilter
from elek_serving.desk.translations import Translator
from elek_serving.service import Service
from elek_serving.store.database import StoreError
from elek_serving.store.decisions import NewDecision, decide, undo
from elek_serving.store.reasons import MAX_WORDS, REASONS, Kind

router = desk_router()


@dataclass
class DecideForm:
    """The decide form as sent: `choice` is ``kind:reason``; `once` tells a second click from a second decision."""

    choice: Annotated[str, Form(max_length=64)] = ""
    words: Annotated[str, Form(max_length=8 * MAX_WORDS)] = ""
    correct_hs: Annotated[str, Form(max_length=64)] = ""
    correct_entry: Annotated[str, Form(max_length=64)] = ""
    once: Annotated[str, Form(max_length=64)] = ""

    @property
    def typed(self) -> Typed:
        """What to show again."""
        return Typed(self.choice, self.words, self.correct_hs, self.correct_entry)

    def decision(self, line_id: int) -> NewDecision:
        """Give the decision that the form asks for, or raise StoreError."""
        kind, _, reason = self.choice.partition(":")
        hs, entry = self.correct_hs.strip() or None, self.correct_entry.strip() or None
        if entry and entry.lower() != "none":
            entry = entry[:5].upper() + entry[5:]
        return NewDecision(line_id, cast(Kind, kind), reason, plain_lines(self.words), hs, entry)


@router.post("/lines/{line_id}/decide", dependencies=[Depends(own_form)])
def decide_form(
    request: Request, service: Running, who: Decider, line_id: int, form: Annotated[DecideForm, Depends()]
) -> Response:
    """Decide a line, and lead to the next one."""
    fault = find_fault(form.choice, form.words, Translator(who.language))
    if fault:
        return show_line(request, service, who, line_id, Shown(form.typed, fault, 422))
    try:
        work = decide(form.decision(line_id), who.person, service.rules)
        service.log.write(work, key=f"decide:{who.person.id}:{form.once}", request=f"{line_id} {form}")
    except StoreError as error:
        return show_line(request, service, who, line_id, Shown(form.typed, str(error), 409))
    return _go_on(request, service, who, line_id)


@router.post("/lines/{line_id}/undo", dependencies=[Depends(own_form)])
def undo_form(
    request: Request,
    service: Running,
    who: Decider,
    line_id: int,
    words: Annotated[str, Form(max_length=8 * MAX_WORDS)] = "",
    once: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Undo the standing decision of a line, with words that say why."""
    words = plain_lines(words)
    if not words or len(words) > MAX_WORDS:
        fault = Translator(who.language)("fault.undo_words", most=MAX_WORDS)
        return show_line(request, service, who, line_id, Shown(Typed(undo_words=words), fault, 422))
    try:
        work = undo(line_id, words, who.person)
        service.log.write(work, key=f"undo:{who.person.id}:{once}", request=f"{line_id} {words}")
    except StoreError as error:
        return show_line(request, service, who, line_id, Shown(Typed(undo_words=words), str(error), 409))
    asked = QueueFilter.read(request.query_params)
    return RedirectResponse(f"/lines/{line_id}?{asked.query}".rstrip("?"), 303)


def find_fault(choice: str, words: str, t: Translator) -> str:
    """Say what keeps a form from being a decision, in the reader's language; empty when nothing does."""
    kind, _, reason = choice.partition(":")
    if reason not in REASONS.get(kind, ()):
        return t("fault.choice")
    if reason == "other" and not words.strip():
        return t("fault.other_words")
    return t("fault.long_words", most=MAX_WORDS) if len(plain_lines(words)) > MAX_WORDS else ""


def plain_lines(words: str) -> str:
    """Give words as a form sends them with plain line ends, trimmed."""
    return words.replace("\r\n", "\n").strip()


def _go_on(request: Request, service: Service, who: SignedIn, line_id: int) -> Response:
    """Lead to the next line of the same queue, which tells that this one is done; to the queue when it is empty."""
    asked = QueueFilter.read(request.query_params)
    following = claim_next(service, who, asked)
    page = f"/lines/{following}" if following else "/queue"
    query = "&".join(part for part in (asked.query, f"done={line_id}") if part)
    return RedirectResponse(f"{page}?{query}", 303)
