"""What only a server can do to a ledger: not be there, not let in, go away in the middle, hold several ledgers."""

from __future__ import annotations

import signal
import subprocess
import sys
import traceback

import psycopg
import pytest
from postgres import GUARDED, PASSWORD
from stories import VILLAGES, clock, event, handled

from blankspot.errors import LedgerError
from blankspot.ledger import Ledger


def refusal(address: str, **options) -> LedgerError:
    with pytest.raises(LedgerError) as refused:
        Ledger.open(address, **options)
    return refused.value


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_addresses(server, scheme):
    address = server.new_address().replace("postgresql+psycopg", scheme)
    with Ledger.open(address, clock=clock) as ledger:
        ledger.append(handled())
        assert ledger.address.startswith(
            f"postgresql://office@127.0.0.1:{server.port}/postgres?options=-csearch_path=ledger_"
        )
    with Ledger.open(ledger.address, create=False) as again:
        assert len(again.events()) == 8


def test_several_ledgers_live_in_one_server_by_schema_and_by_database(server):
    with server.connect() as connection:
        connection.execute("CREATE DATABASE kabupaten")
    addresses = [server.new_address(), server.new_address(), server.address(database="kabupaten")]
    for place, address in enumerate(addresses):
        with Ledger.open(address, clock=clock) as ledger:
            ledger.append(handled()[: place + 1])
    opened = [Ledger.open(address, clock=clock) for address in addresses]
    assert [len(ledger.events()) for ledger in opened] == [1, 2, 3]
    assert len({ledger.origin for ledger in opened}) == 3
    with opened[0]._store.writing():  # one ledger's lock is not another's
        opened[1].append(event("identified", village=VILLAGES[1]))
    for ledger in opened:
        ledger.close()


def test_other_people_s_tables_in_the_schema_do_not_matter(server, direct):
    address = server.new_address()
    direct(address, "CREATE TABLE spatial_ref_sys (srid integer)")
    with Ledger.open(address, clock=clock) as ledger:
        assert len(ledger.append(handled())) == 8


def test_a_server_that_cannot_be_reached(server):
    for address in ("postgresql://office@127.0.0.1:1/x", "postgresql://office@tidak-ada.invalid/x"):
        told = refusal(address, timeout_s=1)
        assert "cannot be reached" in str(told)
        assert "tidak terjangkau" in told.say("id")
        assert "Nothing was recorded" in str(told)


def test_who_is_not_let_in(server):
    for user, password in ((GUARDED, "salah"), (GUARDED, ""), ("nobody-we-know", "")):
        told = refusal(server.address(user=user, password=password))
        assert "user name or the password is wrong" in str(told)
        assert "kata sandi tidak cocok" in told.say("id")


def test_a_database_and_a_schema_that_are_not_there(server):
    assert "There is no database" in str(refusal(server.address(database="tidak_ada")))
    assert "There is no schema" in str(refusal(server.address(schema="tidak_ada")))
    assert "There is no ledger" in str(refusal(server.address(schema="tidak_ada"), create=False))


def test_who_may_not_write(server, direct):
    told = refusal(server.address(user=GUARDED, password=PASSWORD))
    assert "no permission" in str(told)
    address = server.new_address()
    with Ledger.open(address, clock=clock) as ledger:
        ledger.append(handled())
    with Ledger.open(f"{address}%20-cdefault_transaction_read_only%3Don", clock=clock) as ledger:
        assert len(ledger.state()) == 1
        with pytest.raises(LedgerError, match="cannot be written"):
            ledger.append(event("verified_after", 80))


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://guarded:{}@127.0.0.1:1/x",
        "postgresql://guarded:{}@127.0.0.1:port/x",
        "postgresql://guarded@127.0.0.1:1/x?password={}",
        "postgresql://guarded:{}@tidak-ada.invalid/x",
        "postgresql://guarded:{}/with/slashes@127.0.0.1:1/x",
        "postgresql://guarded:{}@127.0.0.1:1/x?nonsense=1",
        "mysql://guarded:{}@127.0.0.1:1/x",
    ],
)
def test_the_password_is_in_no_message_and_in_no_traceback(address, monkeypatch):
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    told = refusal(address.format(PASSWORD), timeout_s=1)
    shown = [told.say("id"), told.say("en"), str(told), *traceback.format_exception(told)]
    source = [line for line in "".join(shown).splitlines() if PASSWORD in line]
    assert source == []


def test_the_password_opens_and_stays_out_of_the_address(server):
    with server.connect() as connection:
        connection.execute(f"CREATE SCHEMA rahasia AUTHORIZATION {GUARDED}")
    with Ledger.open(server.address(user=GUARDED, password=PASSWORD, schema="rahasia"), clock=clock) as ledger:
        assert len(ledger.append(handled())) == 8
        assert PASSWORD not in ledger.address


def test_without_the_driver_the_extra_is_named():
    code = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from blankspot.ledger import Ledger\n"
        "try: Ledger.open('postgresql://office@localhost/x')\n"
        "except Exception as error: print(type(error).__name__, error.say('en'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.startswith("LedgerError")
    assert "pip install 'blankspot[postgres]'" in done.stdout


def test_a_server_that_restarts_between_two_appends_is_not_noticed(server):
    with Ledger.open(server.new_address(), clock=clock) as ledger:
        ledger.append(handled()[:7])
        server.stop()
        server.start()
        assert len(ledger.append(handled()[7])) == 1
        assert ledger.audit().passed


def test_a_server_that_crashes_keeps_what_was_acknowledged(server):
    with Ledger.open(server.new_address(), clock=clock) as ledger:
        ledger.append(handled()[:7])
        with (
            pytest.raises(LedgerError, match=r"was lost.*Nothing was recorded") as refused,
            ledger._store.writing() as writer,
        ):
            server.stop(signal.SIGQUIT)
            writer.last(ledger.origin)
        assert "terputus" in refused.value.say("id")
        for action in (ledger.events, lambda: ledger.append(handled()[7])):
            with pytest.raises(LedgerError, match="cannot be reached"):
                action()
        server.start()
        assert len(ledger.events()) == 7
        assert len(ledger.append(handled()[7])) == 1
        assert ledger.audit().passed


def end_all(server, ledger: Ledger) -> None:
    with server.connect() as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE application_name = 'blankspot' AND pid <> pg_backend_pid()"
        )


def test_a_connection_that_is_lost_before_the_commit_recorded_nothing(server):
    with Ledger.open(server.new_address(), clock=clock) as ledger:
        known = ledger.append(handled()[:7])
        with pytest.raises(LedgerError, match=r"was lost.*Nothing was recorded"), ledger._store.writing() as writer:
            writer.add([known[-1]._replace(origin="else", seq=1)])
            end_all(server, ledger)
            writer.last("else")
        assert len(ledger.append(handled()[7])) == 1
        assert ledger.audit().passed


def test_a_connection_that_is_lost_with_the_commit_says_that_it_does_not_know(server):
    with Ledger.open(server.new_address(), clock=clock) as ledger:
        known = ledger.append(handled()[:7])
        unsure = pytest.raises(LedgerError, match="whole or not at all, but which is not known")
        with unsure as refused, ledger._store.writing() as writer:
            writer.add([known[-1]._replace(origin="else", seq=1)])
            end_all(server, ledger)
        assert "belum pasti" in refused.value.say("id")
        assert len(ledger.append(handled()[7])) == 1


def test_a_writer_that_is_killed_gives_its_turn_back(server):
    address = server.new_address()
    code = (
        "import sys; from blankspot.ledger.store import Store\n"
        "store = Store(sys.argv[1], timeout_s=5, create=False)\n"
        "with store.writing(): print('held', flush=True); sys.stdin.read()"
    )
    with Ledger.open(address, clock=clock, timeout_s=0.2) as ledger:
        ledger.append(handled()[:7])
        holder = subprocess.Popen([sys.executable, "-c", code, address], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(LedgerError, match="locked"):
            ledger.append(handled()[7])
        holder.kill()
        holder.communicate()
    with Ledger.open(address, clock=clock) as ledger:
        assert len(ledger.append(handled()[7])) == 1


def test_the_server_acknowledges_only_what_is_on_its_disk(server):
    address = f"{server.new_address()}%20-csynchronous_commit%3Doff%20-cdefault_transaction_isolation%3Dserializable"
    with Ledger.open(address, clock=clock) as ledger, ledger._store._database.engine.connect() as connection:
        shown = [
            connection.exec_driver_sql(f"SHOW {name}").scalar()
            for name in ("synchronous_commit", "transaction_isolation", "TimeZone", "lock_timeout")
        ]
    assert shown == ["on", "read committed", "UTC", "10s"]


def test_the_triggers_also_hold_where_ordinary_ones_are_switched_off(server):
    address = server.new_address()
    with Ledger.open(address, clock=clock) as ledger:
        ledger.append(handled())
    with server.connect(address) as connection, pytest.raises(psycopg.errors.RaiseException, match="TRUNCATE refused"):
        connection.execute("SET session_replication_role = replica")
        connection.execute("TRUNCATE events")
