"""The desk over HTTP: who may do what, what a decision leaves behind, what a page never does."""

import time
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from sqlalchemy import select

from desk_factory import ORIGIN, PASSWORD, PEOPLE, Person, open_desk, token
from elek.evidence import explain
from elek.goods import GoodsLine
from elek_serving.audit.record import AuditRow, Record
from elek_serving.desk import routers
from elek_serving.desk.score_view import view_scores
from elek_serving.desk.wording import spaced_code
from elek_serving.store import sessions
from elek_serving.store.decisions import line_decisions
from elek_serving.store.users import NewUser, add_user, change_password
from hostile_texts import TEXTS

PUMP = GoodsLine("Насос водяной центробежный", declared_hs="950300", consignment_id="C-1", line_id="1")
VAGUE = GoodsLine("детали", declared_hs="847989", consignment_id="C-1", line_id="2")

PAGES = {
    "/queue": {"reviewer", "supervisor", "auditor"},
    "/double-review": {"reviewer", "supervisor"},
    "/manifests": {"reviewer", "supervisor", "admin"},
    "/numbers": {"reviewer", "supervisor", "auditor", "admin"},
    "/audit": {"auditor"},
    "/audit/0": {"auditor"},
    "/people": {"admin"},
}


def decisions(desk, line_id):
    with desk.service.database.read() as session:
        return [(d.reviewer, d.kind, d.reason) for d in line_decisions(session, line_id)]


def records(desk, kind):
    with desk.service.database.read() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.kind == kind).order_by(AuditRow.seq))
        return [Record.of(row) for row in rows]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_to_its_roles_alone(people, path):
    opened = {PEOPLE[name] for name, person in people.items() if person.get(path).status_code == 200}
    assert opened == PAGES[path]


@pytest.mark.parametrize("name", PEOPLE)
def test_each_role_starts_at_a_page_it_may_see(people, name):
    assert people[name].get("/").status_code == 200


def test_a_line_is_read_by_who_may_and_decided_by_fewer(desk, people):
    [line] = desk.add_lines([PUMP])
    assert people["dana"].get(f"/lines/{line}").status_code == 403
    assert people["zhan"].get(f"/lines/{line}").status_code == 200
    assert people["zhan"].decide(line, "clear:code_fits").status_code == 403
    assert decisions(desk, line) == []


def test_a_line_says_which_words_are_read_as_others(desk, people):
    [line] = desk.add_lines([GoodsLine("Гирос коп лазеорный для беспилотника", declared_hs="950300")])
    page = unescape(people["zhan"].get(f"/lines/{line}").text)
    assert '<bdi>гирос коп</bdi> → <bdi lang="und">giroskop</bdi>' in page
    assert "lazerni" in page


POSTS = [r.path for router in routers for r in router.routes if isinstance(r, APIRoute) and "POST" in r.methods]


@pytest.mark.parametrize("path", POSTS)
def test_a_form_without_its_token_or_from_another_site_is_refused(desk, people, path):
    [line] = desk.add_lines([PUMP])
    path = path.format(line_id=line, review_id=1, seq=0, name="aida")
    for person in (people["saule"], people["dana"], people["zhan"]):
        form = {"csrf": token(person.get("/numbers").text), "choice": "clear:code_fits", "words": "w"}
        refused = [{**form, "csrf": "0" * 64}, {"choice": "clear:code_fits"}]
        assert [person.client.post(path, data=bad).status_code for bad in refused] == [403, 403]
        for origin in ("https://evil.example", "null", ""):
            assert person.client.post(path, data=form, headers={"origin": origin}).status_code == 403
    assert desk.line(line).state == "undecided"


def test_the_desk_has_forms_to_refuse():
    assert {"/sign-in", "/sign-out", "/language", "/lines/{line_id}/decide", "/manifests", "/people"} <= set(POSTS)


def test_a_token_of_another_person_is_refused(desk, people):
    [line] = desk.add_lines([PUMP])
    form = {"csrf": token(people["bolat"].get("/numbers").text), "choice": "clear:code_fits"}
    assert people["aida"].client.post(f"/lines/{line}/decide", data=form).status_code == 403


def test_a_decision_is_recorded_once_however_often_it_is_sent(desk, people):
    [line] = desk.add_lines([PUMP])
    form = {"choice": "confirm:code_does_not_fit", "correct_hs": "8413.70", "words": "Насос, не игрушка", "once": "k1"}
    answers = [people["aida"].decide(line, **form).status_code for _ in range(3)]
    assert answers == [303, 303, 303]
    assert decisions(desk, line) == [("aida", "confirm", "code_does_not_fit")]
    [record] = [r for r in records(desk, "decided") if r.facts["line"] == line]
    assert (record.facts["correct_hs"], record.facts["words"]) == ("841370", "Насос, не игрушка")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"choice": "confirm:other", "words": "  "}, "needs words"),
        ({"choice": "", "words": "kept words"}, "Choose a decision"),
        ({"choice": "clear:needs_expert", "words": "kept words"}, "Choose a decision"),
        ({"choice": "clear:code_fits", "words": "kept words", "correct_hs": "84x"}, "84x"),
        ({"choice": "clear:code_fits", "words": "kept words", "correct_entry": "3A"}, "3A"),
    ],
)
def test_a_form_that_is_no_decision_comes_back_with_what_was_typed(desk, people, fields, told):
    [line] = desk.add_lines([PUMP])
    answer = people["aida"].decide(line, **fields)
    assert answer.status_code in (409, 422)
    assert told in answer.text
    assert fields["words"] in answer.text
    assert decisions(desk, line) == []


def test_an_undo_is_a_new_record_and_opens_the_line_again(desk, people):
    [line] = desk.add_lines([PUMP])
    people["aida"].decide(line, "clear:code_fits")
    page = f"/lines/{line}"
    assert people["bolat"].post(f"{page}/undo", words="not mine").status_code == 409
    assert people["aida"].post(f"{page}/undo", words="").status_code == 422
    assert people["aida"].post(f"{page}/undo", words="wrong line").status_code == 303
    assert desk.line(line).state == "undecided"
    assert [kind for _, kind, _ in decisions(desk, line)] == ["clear", "undo"]
    assert "wrong line" in people["aida"].get(page).text


def test_a_chosen_verdict_is_cleared_by_two_people_and_a_supervisor_settles_a_difference(desk, people):
    agreed, differed = desk.add_lines([VAGUE, VAGUE])
    for line in (agreed, differed):
        assert desk.line(line).verdict == "too_vague"
        people["aida"].decide(line, "clear:text_is_enough")
        assert desk.line(line).state == "second"
        assert people["aida"].decide(line, "clear:text_is_enough").status_code == 409
    people["bolat"].decide(agreed, "clear:inspected")
    people["bolat"].decide(differed, "refer:needs_declarant")
    assert (desk.line(agreed).state, desk.line(differed).state) == ("decided", "disputed")
    assert people["aida"].decide(differed, "clear:text_is_enough").status_code == 409
    people["saule"].decide(differed, "refer:needs_declarant")
    assert desk.line(differed).state == "decided"


def test_two_people_do_not_take_one_line(desk, people):
    desk.add_lines([PUMP, PUMP, PUMP])
    taken = [people[name].get("/queue/next").url.path for name in ("aida", "bolat", "saule")]
    assert len(set(taken)) == 3
    assert all(path.startswith("/lines/") for path in taken)
    line = int(taken[0].rsplit("/", 1)[1])
    assert "aida is working on this line" in people["bolat"].get(taken[0]).text
    assert people["bolat"].decide(line, "clear:code_fits").status_code == 409
    people["aida"].post(f"{taken[0]}/release")
    assert people["bolat"].decide(line, "clear:code_fits").status_code == 303


def test_a_blind_review_shows_no_first_decision_and_gives_a_kappa(desk, people):
    for person in ("aida", "bolat", "saule"):  # empty the sample of other tests
        page = people[person].get("/double-review").text
        while "/double-review/" in page:
            number = page.split('action="/double-review/')[1].split('"')[0]
            people[person].post(f"/double-review/{number}", choice="clear:inspected", once=token(page, "once"))
            page = people[person].get("/double-review").text
    goods = GoodsLine("Тепловизор охотничий 640x512", declared_hs="950300")
    [line] = desk.add_lines([goods])
    people["aida"].decide(line, "confirm:code_does_not_fit", words="Secret words of the first")
    for page in ("/double-review", f"/lines/{line}", f"/lines/{line}/print"):
        assert "Secret words of the first" not in people["bolat"].get(page).text
    assert "Secret words of the first" in people["aida"].get(f"/lines/{line}").text
    page = people["bolat"].get("/double-review").text
    assert "Тепловизор" in page
    number = page.split('action="/double-review/')[1].split('"')[0]
    people["bolat"].post(f"/double-review/{number}", choice="confirm:inspected", once="b1")
    assert "Secret words of the first" in people["bolat"].get(f"/lines/{line}").text
    assert "kappa" in people["zhan"].get("/numbers").text


def test_a_line_shows_known_goods_with_what_they_were_and_the_labels_that_remain(desk, people):
    goods = GoodsLine("подшипник шариковый радиальный 6205", declared_hs="848210")
    [line] = desk.add_lines([goods])
    evidence = explain(desk.service.bundle.get().scorer, goods)
    page = people["zhan"].get(f"/lines/{line}").text
    known = unescape(page.split('id="h-precedents"')[1].split("</section>")[0])
    for precedent in evidence.precedents:
        assert precedent.text in known
        assert spaced_code(precedent.hs) in known
        assert (precedent.case_id or precedent.source) in known
    assert evidence.sets
    for told in evidence.sets.values():
        assert f"At {told['coverage']:.0%} confidence" in page
    assert all(label in page for label in evidence.sets["headings"]["labels"][:8])


def test_a_score_that_no_single_word_carries_is_marked_by_its_odds(desk, people):
    [line] = desk.add_lines([GoodsLine("ТЕПЛОВИЗОР ПРИЦЕЛ ОХОТНИЧИЙ 640X512 50 ГЦ", declared_hs="901310")])
    page = people["zhan"].get(f"/lines/{line}").text
    [view] = [
        v
        for v in view_scores(desk.line(line), explain(desk.service.bundle.get().scorer, desk.line(line).goods))
        if v.leading
    ]
    assert view.words
    assert view.by_odds == all("×" in told or "÷" in told for _, told in view.words)
    assert any(marked.level for marked in view.marked)
    assert all(told in page for _, told in view.words)


def test_every_line_shown_is_written_down(desk, people):
    [line] = desk.add_lines([PUMP])
    people["zhan"].get(f"/lines/{line}")
    [record] = [r for r in records(desk, "line_shown") if r.facts["line"] == line]
    assert (record.body["actor"], record.facts["text"]) == ("zhan", desk.line(line).text_digest)


class Reader(HTMLParser):
    """Collects what a page could run or load."""

    def __init__(self):
        super().__init__()
        self.scripts, self.tags, self.attributes = [], set(), set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag == "script":
            self.scripts.append(dict(attrs).get("src"))


@pytest.mark.parametrize("number", range(0, len(TEXTS), 6))
def test_a_hostile_description_adds_no_element_and_no_attribute(desk, people, number):
    lines = desk.add_lines(
        [GoodsLine(text, declared_hs="8413", consignment_id=text[:50]) for text in TEXTS[number : number + 6]]
    )
    for path in ("/queue?state=all", f"/lines/{lines[0]}", f"/lines/{lines[0]}/print"):
        answer = people["zhan"].get(path)
        assert answer.status_code == 200
        page = Reader()
        page.feed(answer.text)
        assert len(page.scripts) == 1
        assert page.scripts[0].startswith("/static/desk.js?")
        assert not page.tags & {"iframe", "style", "base", "img", "object", "embed"}
        assert not {name for name in page.attributes if name.startswith("on") or name == "style"}


def test_no_page_lets_anything_inline_run_or_be_stored(people):
    answer = people["aida"].get("/queue")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(desk, people):
    client = people["aida"].client
    page = client.get("/sign-in", follow_redirects=False)
    assert page.status_code == 303  # signed in already
    fresh = Person(desk, "aida")
    cookies = fresh.client.cookies.jar
    assert {c.name for c in cookies} == {"elek-session"}
    [cookie] = cookies
    assert cookie.has_nonstandard_attr("HttpOnly")
    assert cookie.get_nonstandard_attr("SameSite").lower() == "strict"


def test_behind_tls_the_session_cookie_is_secure_and_tied_to_its_host(tmp_path):
    with open_desk(tmp_path, public_url="https://elek.example") as desk:
        desk.service.log.write(add_user(NewUser("aida", "reviewer", PASSWORD), "test"))
        client = TestClient(desk.app, base_url="https://elek.example", headers={"origin": "https://elek.example"})
        form = {"csrf": token(client.get("/sign-in").text), "name": "aida", "password": PASSWORD}
        answer = client.post("/sign-in", data=form, follow_redirects=False)
        assert answer.status_code == 303
        [cookie] = [c for c in answer.headers.get_list("set-cookie") if "elek-session" in c]
        assert cookie.startswith("__Host-elek-session=")
        assert {"Secure", "HttpOnly", "SameSite=strict", "Path=/"} <= {part.strip() for part in cookie.split(";")}
        other = {"origin": "http://elek.example"}
        assert client.post("/sign-out", data={"csrf": "x"}, headers=other).status_code == 403


def test_a_session_ends_by_itself_and_with_a_new_password(desk, monkeypatch):
    desk.service.log.write(add_user(NewUser("temir", "reviewer", PASSWORD), "test"))
    person = Person(desk, "temir")
    for minutes, status in ((29, 200), (31, 303)):
        later = sessions.now() + timedelta(minutes=minutes)
        with monkeypatch.context() as clock:
            clock.setattr(sessions, "now", lambda later=later: later)
            clock.setattr("elek_serving.access.is_stale", lambda _: False)
            assert person.client.get("/queue", follow_redirects=False).status_code == status
    assert person.client.get("/queue", follow_redirects=False).status_code == 200
    desk.service.log.write(change_password("temir", PASSWORD, "test"))
    assert person.client.get("/queue", follow_redirects=False).status_code == 303


def test_guessing_a_password_is_slowed_down(desk, people):
    client = TestClient(desk.app, base_url=ORIGIN, headers={"origin": ORIGIN})
    answers = []
    for _ in range(7):
        csrf = token(client.get("/sign-in").text)
        form = {"csrf": csrf, "name": "dana", "password": "wrong password"}
        answers.append(client.post("/sign-in", data=form).status_code)
    assert answers == [401] * 5 + [429] * 2
    csrf = token(client.get("/sign-in").text)
    assert client.post("/sign-in", data={"csrf": csrf, "name": "dana", "password": PASSWORD}).status_code == 429


def test_signing_out_ends_the_session(desk):
    person = Person(desk, "saule")
    assert person.post("/sign-out").headers["location"] == "/sign-in"
    assert person.get("/queue").url.path == "/sign-in"


def test_an_auditor_proves_a_record_and_checks_the_log(desk, people):
    [line] = desk.add_lines([PUMP])
    people["aida"].decide(line, "clear:code_fits")
    record = records(desk, "decided")[-1]
    for _ in range(100):  # the next checkpoint covers it
        page = people["zhan"].post(f"/audit/{record.seq}/check").text
        if "signed checkpoint of" in page:
            break
        time.sleep(0.1)
    assert f"Record {record.seq} is in the log under the signed checkpoint of" in page
    assert "The decision in the store is the one in the record." in page
    assert "The log holds:" in people["zhan"].post("/audit/verify").text
    proof = people["zhan"].get(f"/audit/{record.seq}/proof")
    assert proof.json()["seq"] == record.seq


def test_an_uploaded_manifest_is_scored_and_reaches_the_queue(people):
    aida = people["aida"]
    csrf = token(aida.get("/manifests").text)
    content = "description,declared_hs\nТЕПЛОВИЗОР uploaded 640x512,950300\n".encode()
    files = {"file": ("партия 7.csv", content, "text/csv")}
    answer = aida.client.post("/manifests", data={"csrf": csrf, "once": "u1"}, files=files, follow_redirects=False)
    assert answer.status_code == 303
    for _ in range(200):
        if "uploaded 640x512" in aida.get("/queue?words=uploaded").text:
            break
        time.sleep(0.05)
    else:
        raise AssertionError(aida.get("/manifests").text)
    assert "партия 7.csv" in aida.get("/manifests").text


def test_an_admin_adds_somebody_who_can_then_sign_in_and_loses_it_again(desk, people):
    dana = people["dana"]
    assert "12" in dana.post("/people", name="new.one", password="short", role="reviewer", language="kk").text
    assert dana.post("/people", name="new.one", password=PASSWORD, role="reviewer", language="kk").status_code == 303
    page = Person(desk, "new.one").get("/queue").text
    assert 'lang="kk"' in page
    assert "Кезек" in page
    dana.post("/people/new.one/disable")
    with pytest.raises(AssertionError):
        Person(desk, "new.one")


def test_a_search_finds_lines_as_the_model_reads_them(desk, people):
    desk.add_lines([GoodsLine("ЭЛЕКТРОД\u200bВИГАТЕЛЬ асинхронный 4АМ")])
    assert "асинхронный" in people["aida"].get("/queue?words=электродвигатель").text
    assert "асинхронный" not in people["aida"].get("/queue?words=электродвигатель%25").text.split("<table")[-1]
