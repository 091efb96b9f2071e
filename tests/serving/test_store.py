"""The store gives the same results on SQLite and PostgreSQL."""

import subprocess
import sys

import argon2
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from elek.goods import GoodsLine
from elek_serving.audit.log import KeyReusedError
from elek_serving.audit.record import Entry
from elek_serving.store.claims import take_claim
from elek_serving.store.database import StoreError
from elek_serving.store.decisions import NewDecision, Person, Rules, decide, line_decisions, undo
from elek_serving.store.lines import need_line
from elek_serving.store.tables import METADATA
from elek_serving.store.users import find_user, password_fits, set_disabled
from serving_factory import PASSWORD, add_line

RULES = Rules(second_eyes=("wrong_code_hides_control", "too_vague"), blind_share=0.0)
CONFIRM = {"kind": "confirm", "reason": "inspected"}
CLEAR = {"kind": "clear", "reason": "inspected"}


@pytest.fixture
def line_id(store, scorer):
    return add_line(store, scorer, GoodsLine("детали", line_id="1"))


def test_the_migrations_make_the_tables_that_the_code_declares(store):
    with store.database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_passwords_are_hashed_as_rfc_9106_asks():
    code = "from elek_serving.store import users; print(users._HASHER.hash('a long enough password'))"
    shipped = argon2.extract_parameters(subprocess.check_output([sys.executable, "-c", code], text=True).strip())
    assert (shipped.type, shipped.hash_len, shipped.salt_len) == (argon2.Type.ID, 32, 16)
    assert (shipped.memory_cost, shipped.time_cost, shipped.parallelism) == (64 * 1024, 3, 4)


def test_a_password_fits_only_its_user_and_not_a_disabled_one(store):
    store.person("aida")
    with store.database.read() as session:
        assert password_fits(find_user(session, "aida"), PASSWORD)
        assert not password_fits(find_user(session, "aida"), PASSWORD + "x")
        assert not password_fits(find_user(session, "oleg"), PASSWORD)
    store.log.write(set_disabled("aida", True, "test"))
    with store.database.read() as session:
        assert not password_fits(find_user(session, "aida"), PASSWORD)


@pytest.mark.parametrize(
    "text", ["a\0b", "\ud800 pump", "=cmd|' /C calc'!A0", "' OR 1=1 --", "насос\u202egnp.exe", "😀" * 50]
)
def test_any_description_comes_back_as_it_was_sent(store, scorer, text):
    goods = GoodsLine(text, declared_hs="8413", line_id="1")
    line_id = add_line(store, scorer, goods)
    with store.database.read() as session:
        assert need_line(session, line_id).goods == goods


def test_a_decision_and_its_record_are_written_together_and_once(store, line_id):
    aida = store.person("aida")
    first = store.log.write(decide(NewDecision(line_id, **CONFIRM), aida, RULES), key="k1", request="r")
    again = store.log.write(decide(NewDecision(line_id, **CONFIRM), aida, RULES), key="k1", request="r")
    assert (again.seq, again.repeated, first.repeated) == (first.seq, True, False)
    with pytest.raises(KeyReusedError):
        store.log.write(Entry("other", "aida"), key="k1", request="s")
    with store.database.read() as session:
        [decision] = line_decisions(session, line_id)
        assert (decision.id, need_line(session, line_id).state) == (first.facts["decision"], "decided")


def test_what_is_refused_writes_nothing(store, line_id):
    aida = store.person("aida")
    before = store.log.write(Entry("mark", "test")).seq
    with pytest.raises(StoreError, match="there is no line"):
        store.log.write(decide(NewDecision(999, **CONFIRM), aida, RULES))
    with pytest.raises(StoreError, match="cannot decide"):
        store.log.write(decide(NewDecision(line_id, **CONFIRM), Person(aida.id, "aida", "auditor"), RULES))
    assert store.log.write(Entry("mark", "test")).seq == before + 1
    with store.database.read() as session:
        assert line_decisions(session, line_id) == []


def test_a_cleared_line_of_a_chosen_verdict_needs_a_second_person(store, line_id):
    aida, oleg, dana = store.person("aida"), store.person("oleg"), store.person("dana", "supervisor")
    clear, confirm = NewDecision(line_id, **CLEAR), NewDecision(line_id, **CONFIRM)
    assert store.log.write(decide(clear, aida, RULES)).facts["state"] == "second"
    with pytest.raises(StoreError, match="second person"):
        store.log.write(decide(clear, aida, RULES))
    assert store.log.write(decide(confirm, oleg, RULES)).facts["state"] == "disputed"
    with pytest.raises(StoreError, match="supervisor settles"):
        store.log.write(decide(clear, aida, RULES))
    assert store.log.write(decide(clear, dana, RULES)).facts["state"] == "decided"


def test_an_undo_is_one_more_row_and_opens_the_line(store, line_id):
    aida, oleg = store.person("aida"), store.person("oleg")
    store.log.write(decide(NewDecision(line_id, **CONFIRM), aida, RULES))
    with pytest.raises(StoreError, match="supervisor can undo"):
        store.log.write(undo(line_id, "", oleg))
    store.log.write(undo(line_id, "wrong line", aida))
    store.log.write(decide(NewDecision(line_id, kind="refer", reason="needs_expert"), oleg, RULES))
    with store.database.read() as session:
        assert [d.kind for d in line_decisions(session, line_id)] == ["confirm", "undo", "refer"]


def test_two_people_do_not_hold_one_line(store, line_id):
    aida, oleg = store.person("aida"), store.person("oleg")
    with store.database.write() as session:
        assert take_claim(session, line_id, aida.id)
    with store.database.write() as session:
        assert not take_claim(session, line_id, oleg.id)
    with pytest.raises(StoreError, match="holds line"):
        store.log.write(decide(NewDecision(line_id, **CONFIRM), oleg, RULES))
