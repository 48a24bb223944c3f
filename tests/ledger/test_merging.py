"""One ledger into another: nothing lost, every chain as its office made it, and the same whoever merges whom first."""

from __future__ import annotations

import datetime as dt
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stories import NOW, VILLAGE, VILLAGES, Clock, clock, event, handled, likely_events, story

from blankspot.errors import LedgerError
from blankspot.ledger import Ledger
from blankspot.ledger.merging import Merge

DROP_GUARDS = {
    "sqlite": ("DROP TRIGGER events_refuse_update", "DROP TRIGGER events_refuse_delete"),
    "postgres": ("DROP TRIGGER events_refuse ON events",),
}


def office(origin: str, *batches, now=clock) -> Ledger:
    ledger = Ledger.open(":memory:", origin=origin, clock=now)
    for batch in batches:
        ledger.append(batch)
    return ledger


def copied(ledger: Ledger, now=clock) -> Ledger:
    """Return a copy of a ledger as copying its file gives it: the same chains, and the same own origin."""
    copy = office(ledger.origin, now=now)
    with copy._store.writing() as writer:
        writer.add(ledger._store.read())
    return copy


def contents(ledger: Ledger) -> set[str]:
    return {record.content_id for record in ledger.events()}


def seen(ledger: Ledger) -> tuple:
    """Return all that a state says, without the names of the chains that it came from."""
    state = ledger.folded()
    refused = sorted((one.record.content_id, one.refusal.rule) for one in state.conflicts)
    events = [(one.content_id, one.recorded_at, one.seq, one.follows) for one in ledger.events()]
    return events, dict(state.cases), dict(state.targets), dict(state.heads), dict(state.branches), refused


def lines(ledger: Ledger) -> list:
    return sorted(ledger._store.read())


def test_a_kabupaten_s_ledger_comes_into_the_province_s_as_it_is():
    province = office("prov", handled(VILLAGES[2]))
    kabupaten = office("kab", handled(VILLAGES[0]), story("identified", village=VILLAGES[1]))
    assert province.merge(kabupaten) == Merge(new_records=9, repeated=0, forked={})
    assert [one for one in lines(province) if one.origin == "kab"] == lines(kabupaten)
    assert len(province.state()) == 3
    assert province.audit().passed
    assert province.merge(kabupaten) == Merge(new_records=0, repeated=9, forked={})
    kabupaten.append(event("proposed", 90, VILLAGES[1]))
    assert province.merge(kabupaten) == Merge(new_records=1, repeated=9, forked={})
    assert (len(province.events()), province.audit().origins) == (18, 2)


def test_what_two_offices_recorded_alike_counts_once_and_stays_in_both_chains():
    one, other = office("satu", handled()), office("dua", handled())
    assert one.merge(other) == Merge(new_records=0, repeated=8, forked={})
    assert len(one.events()) == 8
    assert (one.audit().records, one.audit().passed) == (16, True)
    assert len(one.append(event("verified_after", 90))) == 1


def test_a_merge_with_itself_and_with_an_empty_ledger_changes_nothing():
    ledger = office("satu", handled())
    before = lines(ledger)
    assert ledger.merge(ledger) == Merge(new_records=0, repeated=8, forked={})
    assert ledger.merge(office("dua")) == Merge(new_records=0, repeated=0, forked={})
    assert lines(ledger) == before


def test_two_copies_that_both_went_on_lose_nothing():
    first = office("kab", handled()[:4])
    second = copied(first)
    first.append(event("assigned", 40, partner="Telkomsel"))
    second.append(event("assigned", 41, partner="Indosat"))
    second.append(event("construction", 50))
    province = office("prov")
    province.merge(first)
    merged = province.merge(second)
    fork = next(one.hash for one in second._store.read() if one.kind == "assigned")[:8]
    assert merged == Merge(new_records=2, repeated=4, forked={"kab": f"kab~{fork}"})
    assert [one for one in lines(province) if one.origin == "kab"] == lines(first)
    renamed = [one for one in lines(province) if one.origin != "kab"]
    kept = [one._replace(origin="", prev_hash="", hash="") for one in renamed]
    assert kept == [one._replace(origin="", prev_hash="", hash="") for one in lines(second)]
    assert province.audit().passed
    assert province.merge(second).new_records == 0
    second.append(event("on_air", 60))
    assert province.merge(second) == Merge(new_records=1, repeated=6, forked={"kab": f"kab~{fork}"})
    assert len(province.events()) == 8
    assert province.audit().passed


def test_forks_of_forks():
    first = office("kab", story("identified"))
    second = copied(first)
    first.append(event("proposed", 5, document="1"))
    second.append(event("proposed", 5, document="2"))
    third = copied(second)
    second.append(event("verified", 20, document="2"))
    third.append(event("verified", 20, document="3"))
    province = office("prov")
    for ledger in (first, second, third):
        province.merge(ledger)
    names = sorted({one.origin for one in lines(province)})
    assert [name.count("~") for name in names] == [0, 1, 2]
    assert len(province.events()) == 5
    assert province.audit().passed
    again = [province.merge(ledger).new_records for ledger in (third, second, first)]
    assert again == [0, 0, 0]


@pytest.mark.parametrize("ahead", [False, True])
def test_a_ledger_s_own_chain_is_never_continued_by_a_merge(ahead):
    own = office("kab", handled()[:4])
    copy = copied(own)
    copy.append(event("assigned", 40))
    if ahead:
        own.append(event("identified", village=VILLAGES[1]))
    mine = [one for one in lines(own) if one.origin == "kab"]
    merged = own.merge(copy)
    assert list(merged.forked) == ["kab"]
    assert merged.new_records == 1
    assert [one for one in lines(own) if one.origin == "kab"] == mine
    (next_one,) = own.append(event("identified", village=VILLAGES[2]))
    assert (next_one.origin, next_one.seq, next_one.prev_hash) == ("kab", len(mine) + 1, mine[-1].hash)
    assert own.audit().passed
    assert own.merge(copy) == Merge(new_records=0, repeated=5, forked=merged.forked)


def test_a_lost_ledger_is_brought_back_from_the_province_s():
    office_ledger = office("kab", handled())
    province = office("prov")
    province.merge(office_ledger)
    anew = office("kab-baru")
    anew.merge(province)
    assert seen(anew) == seen(office_ledger)
    assert len(anew.append(event("verified_after", 90))) == 1


def test_concurrent_moves_of_one_case_are_a_conflict_and_not_lost():
    province = office("prov", handled()[:4])
    kabupaten = office("kab")
    kabupaten.merge(province)
    kabupaten.append(event("assigned", 40, partner="Telkomsel"))
    province.append(event("assigned", 45, partner="BAKTI"))
    province.merge(kabupaten)
    assert set(province.conflicts()["origin"]) == {"prov", "kab"}
    assert len(province.events()) == 6


def any_world() -> st.SearchStrategy[list[tuple]]:
    """Draw what three offices do: record, take another's ledger in, go on from a copy of its file, let time pass.

    Much of what they record happens on one day and at one moment, so that order hangs on what a merge might disturb.
    """
    who = st.integers(0, 2)
    beginnings = st.lists(
        st.builds(
            lambda label, document: event("identified", case_id=f"{VILLAGE}:mobile:{label}", document=document),
            st.sampled_from("abcdef"),
            st.sampled_from(["", "1", "2"]),
        ),
        min_size=1,
        max_size=3,
    )
    step = st.one_of(
        st.tuples(st.just("append"), who, beginnings),
        st.tuples(st.just("append"), who, st.one_of(beginnings, likely_events())),
        st.tuples(st.just("copy"), who, who),
        st.tuples(st.just("merge"), who, who),
        st.tuples(st.just("wait"), who, st.integers(0, 3)),
    )
    fork = st.tuples(
        st.tuples(st.just("append"), st.just(0), beginnings), st.tuples(st.just("copy"), st.just(1), st.just(0))
    )
    return st.builds(lambda start, rest: [*start, *rest], fork, st.lists(step, min_size=3, max_size=10))


def live(world: list[tuple]) -> list[Ledger]:
    now = Clock(NOW)
    offices = [office(name, now=now) for name in ("kab", "kab-b", "prov")]
    for what, who, with_what in world:
        if what == "append":
            for one in with_what:
                try:
                    offices[who].append(one)
                except LedgerError:
                    continue
        elif what == "merge":
            offices[who].merge(offices[with_what])
        elif what == "copy" and who != with_what:
            offices[who] = copied(offices[with_what], now)
        elif what == "wait":
            now.now += dt.timedelta(seconds=with_what)
        assert all(ledger.audit().passed for ledger in offices)
    return offices


@settings(max_examples=30, deadline=None)
@given(any_world())
def test_whoever_merges_whom_first_sees_the_same(world):
    offices = live(world)
    everything = set().union(*map(contents, offices))
    results = []
    for first, second, third in (offices, offices[::-1], [offices[1], offices[2], offices[0]]):
        left = office("kolektor")
        left.merge(first)
        left.merge(second)
        left.merge(third)
        inner, right = office("perantara"), office("kolektor")
        inner.merge(second)
        inner.merge(third)
        right.merge(first)
        right.merge(inner)
        results += [left, right]
    assert all(contents(result) == everything for result in results)
    assert all(result.audit().passed for result in results)
    assert all(seen(result) == seen(results[0]) for result in results)


@settings(max_examples=15, deadline=None)
@given(any_world())
def test_merging_again_adds_nothing_and_merging_in_circles_comes_to_rest(world):
    offices = live(world)
    for turn in range(6):
        before = [lines(ledger) for ledger in offices]
        for target in offices:
            for other in offices:
                target.merge(other)
                once = lines(target)
                assert target.merge(other).new_records == 0
                assert lines(target) == once
                assert target.audit().passed
        if before == [lines(ledger) for ledger in offices]:
            break
        assert turn < 5
    assert seen(offices[0]) == seen(offices[1]) == seen(offices[2])


def test_a_merge_is_whole_or_absent(told):
    kabupaten = office("kab", [one for village in VILLAGES[1:] for one in handled(village)])
    with Ledger.open(told, clock=clock) as ledger:
        before = lines(ledger)
        insert = ledger._store._database.insert
        calls = []

        def once(connection, records):
            insert(connection, records)
            calls.append(len(records))
            raise KeyboardInterrupt

        ledger._store._database.insert = once
        with pytest.raises(KeyboardInterrupt):
            ledger.merge(kabupaten)
        ledger._store._database.insert = insert
        assert calls == [16]
        assert lines(ledger) == before
        assert ledger.merge(kabupaten).new_records == 16


def test_between_databases_and_back_again(tmp_path, server):
    file, database = str(tmp_path / "kab.db"), server.new_address()
    with Ledger.open(file, origin="kab", clock=clock) as kabupaten:
        kabupaten.append(handled())
    with Ledger.open(database, origin="prov", clock=clock) as province:
        province.append(handled(VILLAGES[1]))
        assert province.merge(file).new_records == 8
        assert province.audit().passed
        with Ledger.open(file, clock=clock) as kabupaten:
            assert kabupaten.merge(database).new_records == 8
            assert kabupaten.audit().passed
            assert lines(kabupaten) == lines(province)
            assert kabupaten.digest() == province.digest()


def test_an_address_without_a_ledger_makes_none(tmp_path):
    ledger = office("prov")
    with pytest.raises(LedgerError, match="There is no ledger"):
        ledger.merge(tmp_path / "kab.db")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("tampering", "seq"),
    [
        ("UPDATE events SET kind = 'on_air' WHERE seq = 5", 5),
        ("UPDATE events SET follows = '' WHERE seq = 4", 4),
        ("DELETE FROM events WHERE seq = 2", 2),
    ],
)
def test_a_ledger_with_a_broken_chain_brings_nothing_in(told, direct, tampering, seq):
    direct(told, *DROP_GUARDS["postgres" if "://" in told else "sqlite"], tampering)
    province = office("prov", handled(VILLAGES[1]))
    before = lines(province)
    with pytest.raises(LedgerError, match=f"the chain of 'dinas' breaks at record number {seq}") as refused:
        province.merge(told)
    assert "Tidak ada yang digabungkan" in refused.value.say("id")
    assert lines(province) == before


def test_a_copied_file_is_a_fork_too(tmp_path):
    one, two = tmp_path / "a.db", tmp_path / "b.db"
    with Ledger.open(one, origin="kab", clock=clock) as ledger:
        ledger.append(handled()[:3])
    shutil.copyfile(one, two)
    for path, partner in ((one, "a"), (two, "b")):
        with Ledger.open(path, clock=clock) as ledger:
            ledger.append(event("approved", 40, document=partner))
    with Ledger.open(one, clock=clock) as ledger:
        assert ledger.merge(two).new_records == 1
        assert ledger.audit().passed
        assert {record.fields.get("document") for record in ledger.events(village_code=VILLAGE)} == {None, "a", "b"}
