"""The desk in Chromium: as a person works with it, by mouse and by keyboard, in every language, and with hostile texts."""

import re

import pytest

from counts import count
from desk_factory import PASSWORD, PEOPLE
from elek.goods import GoodsLine
from elek_serving.desk.translations import NAMES, read_words
from elek_serving.store.decisions import line_decisions
from hostile_texts import TEXTS

WAIT = 120_000
"""Milliseconds: a busy machine is slow, not wrong."""


class Seat:
    """One browser window with somebody signed in, and everything that went wrong in it."""

    def __init__(self, chromium, served, cookies, **options):
        self.desk, self.address, self.lines = served
        self.context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        self.context.add_cookies(cookies)
        self.context.set_default_timeout(WAIT)
        self.page = self.context.new_page()
        self.wrong = []
        self.page.on("console", lambda m: self.wrong.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("dialog", lambda dialog: self.wrong.append(dialog.message))
        self.go("/")

    def sign_in(self, name):
        self.page.fill("#name", name)
        self.page.fill("#password", PASSWORD)
        self.page.press("#password", "Enter")
        self.page.wait_for_url(re.compile("/(queue|audit|people)"))

    def go(self, path):
        answer = self.page.goto(f"{self.address}{path}", wait_until="domcontentloaded", timeout=WAIT)
        assert answer.status == 200
        return self.page

    def decisions(self, line):
        with self.desk.service.database.read() as session:
            return [(d.reviewer, d.kind, d.reason, d.words) for d in line_decisions(session, line)]


@pytest.fixture(scope="module")
def sessions():
    """Cookies of who signed in already: each does so once."""
    return {}


@pytest.fixture
def seat(chromium, served, sessions):
    seats = []

    def sit(name, **options):
        seats.append(Seat(chromium, served, sessions.get(name, []), **options))
        if name not in sessions:
            seats[-1].sign_in(name)
            sessions[name] = seats[-1].context.cookies()
        return seats[-1]

    yield sit
    for one in seats:
        one.context.close()
        assert one.wrong == []


def test_somebody_signs_in_takes_a_line_decides_it_and_undoes_it(seat):
    aida = seat("aida")
    page = aida.page
    page.click(".title .button.main")
    page.wait_for_url("**/lines/*")
    line = int(page.url.rsplit("/", 1)[1])
    page.check("#confirm-names_controlled_goods")
    page.fill("#correct_entry", "3a001")
    page.fill("#words", "Паспорт изделия")
    page.click("form[action*=decide] button.main")
    page.wait_for_url(f"**done={line}")
    assert aida.decisions(line) == [("aida", "confirm", "names_controlled_goods", "Паспорт изделия")]
    page.click(".note.good a")
    page.wait_for_url(f"**/lines/{line}")
    page.fill("#undo_words", "не та строка")
    page.click("form[action*=undo] button")
    page.wait_for_selector("#confirm-names_controlled_goods")
    assert [kind for _, kind, _, _ in aida.decisions(line)] == ["confirm", "undo"]


def test_two_people_see_to_a_line_that_needs_two(seat):
    aida, bolat = seat("aida"), seat("bolat")
    [line] = aida.desk.add_lines(
        [GoodsLine("Аппаратура медицинская: тепловизионный модуль неохлаждаемый 640x512 50 Гц", "901890")]
    )
    assert aida.desk.line(line).verdict in aida.desk.service.rules.second_eyes
    for one in (aida, bolat):
        one.go(f"/lines/{line}")
        one.page.check("#clear-below_the_limits")
        one.page.click("form[action*=decide] button.main")
        one.page.wait_for_url(f"**done={line}")
    assert aida.desk.line(line).state == "decided"
    assert [who for who, *_ in aida.decisions(line)] == ["aida", "bolat"]


def test_ten_lines_are_decided_with_the_keyboard_alone(seat):
    aida = seat("aida")
    page = aida.page
    page.keyboard.press("Slash")
    page.keyboard.type("подшипник")
    page.keyboard.press("Enter")
    page.wait_for_url("**words=*")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lines/**")
    page.keyboard.press("q")
    page.wait_for_url("**/queue")
    page.keyboard.press("n")
    page.wait_for_url("**/lines/*")
    decided = []
    for number in range(count(4, 10)):
        line = int(re.search(r"/lines/(\d+)", page.url)[1])
        page.keyboard.press(("c", "r")[number % 2])
        page.keyboard.press("2")
        page.keyboard.press("w")
        page.keyboard.type("keyboard only, c r 1 2")
        page.keyboard.press("Control+Enter")
        page.wait_for_url(f"**done={line}")
        decided.append(line)
    expected = [("confirm", "code_does_not_fit"), ("refer", "needs_expert")]
    for number, line in enumerate(decided):
        assert aida.decisions(line)[-1] == ("aida", *expected[number % 2], "keyboard only, c r 1 2")


def test_the_help_opens_by_key_and_single_keys_can_be_turned_off(seat):
    aida = seat("aida")
    page = aida.go("/queue")
    page.keyboard.press("?")
    assert page.is_visible("dialog#keys")
    page.check("#keys-off")
    page.keyboard.press("Escape")
    assert not page.is_visible("dialog#keys")
    page.keyboard.press("n")
    page.wait_for_timeout(300)
    assert page.url.endswith("/queue")
    page.evaluate("localStorage.clear()")


def test_everything_works_without_script(seat):
    saule = seat("saule", java_script_enabled=False)
    page = saule.go("/queue/next")
    line = int(page.url.rsplit("/", 1)[1])
    page.check("#refer-needs_inspection")
    page.click("form[action*=decide] button.main")
    page.wait_for_url(f"**done={line}")
    assert saule.decisions(line)[-1][:3] == ("saule", "refer", "needs_inspection")
    page.click('a[href="#keys"]')
    assert page.is_visible("dialog#keys")


@pytest.mark.parametrize("language", NAMES)
def test_the_desk_speaks_a_language_that_a_reviewer_chooses(seat, language):
    bolat = seat("bolat")
    page = bolat.go("/queue")
    page.select_option("#language", language)
    page.click("form[action='/language'] button")
    page.wait_for_selector(f"html[lang={language}]")
    words = read_words(language)
    assert words["queue.next"] in page.inner_text("main")
    page = bolat.go(f"/lines/{bolat.lines[0]}")
    text = page.inner_text("main")
    assert words["line.codes"] in text
    for other in set(NAMES) - {language}:
        assert read_words(other)["line.codes"] not in text


def test_hostile_descriptions_are_shown_and_run_nothing(seat):
    zhan = seat("zhan")
    texts = TEXTS[:: count(6, 1)]
    lines = zhan.desk.add_lines([GoodsLine(t, "8413", consignment_id="H") for t in TEXTS], "<script>ran=1</script>.csv")
    for path in ("/queue?words=&state=all", "/queue?state=all&page=2", "/queue?state=all&page=3", "/numbers"):
        assert zhan.go(path).evaluate("window.ran") is None
    for text in texts:
        page = zhan.go(f"/lines/{lines[TEXTS.index(text)]}")
        assert page.evaluate("window.ran") is None
        assert page.evaluate("document.scripts.length") == 1
        assert page.url.startswith(zhan.address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), text[:60]
    page = zhan.go(f"/lines/{lines[0]}")
    assert TEXTS[0] in page.inner_text(".description")


def test_a_line_prints_on_one_sheet(seat):
    aida = seat("aida")
    for line in aida.lines[:: count(32, 1)]:
        page = aida.go(f"/lines/{line}/print")
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1, line


CONTRAST = """() => {
  const parse = (c) => c.match(/[\\d.]+/g).map(Number);
  const light = (c) => c.slice(0, 3).map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (e) => {
    for (let at = e; at; at = at.parentElement) {
      const c = parse(getComputedStyle(at).backgroundColor);
      if (c.length === 3 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  const bad = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !e.checkVisibility() || e.closest("svg, option, script")) continue;
    const [a, b] = [light(parse(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) bad.add(`${e.tagName}.${e.className} ${ratio.toFixed(2)} ${walker.currentNode.data.slice(0, 20)}`);
  }
  return [...bad];
}"""

NAMELESS = """() => {
  const named = (e) => e.labels?.length || e.ariaLabel || e.getAttribute("aria-labelledby") || e.textContent.trim() || e.title;
  const bad = [...document.querySelectorAll("input:not([type=hidden]), select, textarea, button, a[href]")]
    .filter((e) => !named(e)).map((e) => e.outerHTML.slice(0, 90));
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  const twice = ids.filter((id, i) => ids.indexOf(id) !== i);
  const heads = [...document.querySelectorAll("th")].filter((e) => e.closest("thead") && !e.textContent.trim());
  const one = document.querySelectorAll("h1").length === 1 && document.querySelectorAll("main").length === 1;
  return [...bad, ...twice.map((id) => `id ${id} twice`), ...heads.map(() => "a column without a name"), ...(one ? [] : ["not one h1"])];
}"""


@pytest.mark.parametrize("name", PEOPLE)
def test_every_page_is_readable_and_named_for_everybody(seat, name):
    one = seat(name)
    paths = one.page.eval_on_selector_all("header nav a", "all => all.map((a) => a.getAttribute('href'))")
    if name != "dana":
        paths += [f"/lines/{one.lines[0]}", f"/lines/{one.lines[5]}/print"]
    if name == "zhan":
        paths.append("/audit/3")
    for path in paths:
        page = one.go(path)
        assert page.evaluate(CONTRAST) == [], path
        assert page.evaluate(NAMELESS) == [], path
        page.set_viewport_size({"width": 390, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        page.set_viewport_size({"width": 640, "height": 450})  # 1280 at 200 %
        assert page.evaluate("document.documentElement.scrollWidth") <= 640, path
        page.set_viewport_size({"width": 1280, "height": 900})


def test_focus_is_seen_wherever_it_goes(seat):
    page = seat("aida").go("/queue")
    for _ in range(12):
        page.keyboard.press("Tab")
        width = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
        assert width >= 2, page.evaluate("document.activeElement.outerHTML")
