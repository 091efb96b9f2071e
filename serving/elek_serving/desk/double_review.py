"""Double review: a sample of decided lines is decided again by a second person who does not see the first decision."""

from typing import Annotated

from fastapi import Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from elek_serving.access import Running, SignedIn, own_form
from elek_serving.audit.record import Entry
from elek_serving.desk.decide import find_fault, plain_lines
from elek_serving.desk.line_page import Shown, Typed
from elek_serving.desk.line_view import view_line
from elek_serving.desk.page import Decider, desk_router, show
from elek_serving.desk.translations import Translator
from elek_serving.service import Service
from elek_serving.store.blind_reviews import answer_blind, blind_pairs, cohens_kappa, next_blind
from elek_serving.store.decisions import Person
from elek_serving.store.reasons import MAX_WORDS, REASONS

router = desk_router()


@router.get("/double-review")
def double_review(request: Request, service: Running, who: Decider) -> HTMLResponse:
    """Show the next line of the sample, without what was decided."""
    return _ask(request, service, who, Shown())


@router.post("/double-review/{review_id}", dependencies=[Depends(own_form)])
def answer(
    request: Request,
    service: Running,
    who: Decider,
    review_id: int,
    choice: Annotated[str, Form(max_length=64)] = "",
    words: Annotated[str, Form(max_length=8 * MAX_WORDS)] = "",
    once: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Enter the second decision, and lead to the next line."""
    fault = find_fault(choice, words, Translator(who.language))
    if fault:
        return _ask(request, service, who, Shown(Typed(choice, words), fault, 422))
    kind, _, reason = choice.partition(":")
    work = answer_blind(review_id, kind, reason, plain_lines(words), (who.person.id, who.person.name))
    service.log.write(work, key=f"blind:{who.person.id}:{once}", request=f"{review_id} {choice} {words}")
    return RedirectResponse("/double-review", 303)


def _ask(request: Request, service: Service, who: SignedIn, shown: Shown) -> HTMLResponse:
    with service.database.read() as session:
        review = next_blind(session, who.person.id)
        pairs = blind_pairs(session)
    blind = Person(
        who.person.id, who.person.name, "reviewer"
    )  # a supervisor is not to see the first decision here either
    view = view_line(service, review.line_id, blind) if review else None
    if view:
        facts = {"line": view.line.id, "text": view.line.text_digest}
        service.log.write(Entry("line_shown", who.person.name, facts, bundle=view.line.bundle))
    return show(
        request,
        "double_review.html",
        who,
        shown.status,
        review=review if view else None,
        view=view,
        pairs=len(pairs),
        kappa=cohens_kappa(pairs),
        reasons=REASONS,
        max_words=MAX_WORDS,
        typed=shown.typed,
        fault=shown.fault,
    )
