"""Kept answers: the exact bytes, of exactly the newest content, for as long as they hold, for everybody."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pacesetter.kernel.errors import DatabaseUnreachable
from pacesetter.store.database.content import Content
from pacesetter.web.auth.principal import Principal
from pacesetter.web.kept import newest
from pacesetter.web.kept.answer import OWN, may_keep, next_midnight, pack, unpack
from pacesetter.web.kept.negotiation import accepts, still_has
from tests.web.kept_house import NOON, House

VIEWER = Principal(uuid4(), "Vera", "viewer", frozenset(), "session")
NARROW = Principal(uuid4(), "Nora", "owner", frozenset({"write"}), "key")


def live(work: Callable[[House], Awaitable[Any]], **options: Any) -> Any:
    async def main() -> Any:
        return await work(House(**options))

    return asyncio.run(main())


async def until(true: Callable[[], bool]) -> None:
    for _ in range(1000):
        if true():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never came to that")


def test_the_second_is_answered_from_bytes() -> None:
    async def work(house: House) -> None:
        first, second = await house.ask(), await house.ask()
        assert first.body == second.body == (await house.plain("/thing")).body
        assert first.headers == second.headers and first.headers["age"] == "0"
        assert house.calls["/thing"] == 2  # the first, and the one past the layer
        house.at += 7.9
        assert (await house.ask()).headers["age"] == "7"
        assert await house.ask(query="top=2") != first and house.calls["/thing"] == 3
        assert house.answers.counts["hits"] == 2

    live(work)


def test_etag_and_vary_per_encoding() -> None:
    async def work(house: House) -> None:
        plain, packed = await house.ask(), await house.ask(accept_encoding="br;q=1, gzip;q=0.8")
        assert "content-encoding" not in plain.headers and packed.headers["content-encoding"] == "gzip"
        assert gzip.decompress(packed.body) == plain.body and len(packed.body) < len(plain.body)
        assert plain.headers["etag"] != packed.headers["etag"]
        for reply in (plain, packed):
            assert reply.headers["content-length"] == str(len(reply.body))
            assert reply.headers["etag"].startswith('"')  # strong
            assert reply.headers["vary"] == "Accept-Encoding, Accept"
            assert reply.headers["cache-control"] == "private, no-cache"
        assert house.calls["/thing"] == 1
        for wish, sent in (("gzip;q=0", plain), ("identity", plain), ("*", packed)):
            assert (await house.ask(accept_encoding=wish)).body == sent.body
        house.publish()
        await house.answers.newest.see()
        assert (await house.ask()).headers["etag"] != plain.headers["etag"]

    live(work)


def test_what_the_client_has_is_not_sent_again() -> None:
    async def work(house: House) -> None:
        plain, packed = await house.ask(), await house.ask(accept_encoding="gzip")
        for etag in (
            plain.headers["etag"],
            f"W/{plain.headers['etag']}",
            "*",
            f'"x", {plain.headers["etag"]}',
        ):
            reply = await house.ask(if_none_match=etag)
            assert (reply.status, reply.body) == (304, b"")
            assert reply.headers["etag"] == plain.headers["etag"] and reply.headers["age"] == "0"
            assert reply.headers["vary"] and not {"content-length", "content-type"} & set(reply.headers)
        assert (await house.ask(if_none_match=packed.headers["etag"])).status == 200  # another's bytes
        assert (await house.ask(if_none_match=packed.headers["etag"], accept_encoding="gzip")).status == 304
        assert house.answers.counts["not_modified"] == 5

        fresh = House()
        assert (await fresh.ask(if_none_match=plain.headers["etag"])).status == 304  # made, and the same
        assert fresh.calls["/thing"] == 1

    live(work)


def test_head_has_the_headers_of_get() -> None:
    async def work(house: House) -> None:
        whole = await house.ask()
        head = await house.ask(method="HEAD")
        assert (head.status, head.body, head.headers) == (200, b"", whole.headers)
        assert house.calls["/thing"] == 1
        assert (await House().ask(method="HEAD")).body == b""
        assert (await house.ask(method="POST")).status == 405

    live(work)


@pytest.mark.parametrize(
    ("path", "fresh_until", "lives_s"),
    [
        ("/thing", None, 900),
        ("/table", None, 600),
        ("/series/a", None, 1800),
        ("/thing", "2025-07-24T20:20:00Z", 900),
        ("/thing", "2025-07-24T12:00:30Z", 30),
        ("/series/a", "2025-07-24T12:29:59+00:00", 1799),
        ("/thing", "2025-07-24T12:00:00Z", 0),
        ("/thing", "2025-07-23T20:20:00Z", 0),
    ],
)
def test_it_dies_with_its_freshness(path: str, fresh_until: str | None, lives_s: int) -> None:
    async def work(house: House) -> None:
        house.fresh_until = fresh_until
        await house.ask(path)
        if lives_s:
            house.at = NOON + lives_s - 0.01
            await house.ask(path)
            assert house.calls[path] == 1
        house.at = NOON + lives_s
        reply = await house.ask(path)
        assert house.calls[path] == 2 and reply.headers["age"] == "0"

    live(work)


def test_today_ends_at_midnight() -> None:
    assert next_midnight(NOON) == datetime(2025, 7, 25, tzinfo=UTC).timestamp() == NOON + 12 * 3600

    async def work(house: House) -> None:
        house.at = NOON + 12 * 3600 - 60
        await house.ask()
        house.at += 60
        await house.ask()
        assert house.calls["/thing"] == 2

    live(work)


def test_room_is_bounded_and_the_longest_unused_leaves() -> None:
    async def work(house: House) -> None:
        size = 0
        for name in "abcdefgh":
            await house.ask(f"/series/{name}")
            await house.ask("/series/a")  # in use all the time
            size = max(size, house.answers.shelf.bytes)
        shelf = house.answers.shelf
        assert size <= shelf.limit_bytes and shelf.evicted > 0
        assert shelf.bytes == sum(slot.answer.size for slot in shelf.slots.values())
        assert {alias for slot in shelf.slots.values() for alias in slot.aliases} == set(shelf.fast)
        assert house.calls["/series/a"] == 1
        await house.ask("/series/b")
        assert house.calls["/series/b"] == 2
        shelf.clear()
        assert (shelf.bytes, len(shelf), shelf.fast) == (0, 0, {})

    live(work, limit_bytes=14_000)


def test_without_room_everything_still_works() -> None:
    async def work(house: House) -> None:
        first, second = await house.ask(), await house.ask()
        assert first.body == second.body and house.calls["/thing"] == 2
        assert (await house.ask(if_none_match=first.headers["etag"])).status == 304

    live(work, limit_bytes=0)


def test_many_spellings_of_a_request_are_one_answer() -> None:
    async def work(house: House) -> None:
        for n in range(100):
            await house.ask(accept=f"text/x{n}", accept_encoding=f"gzip, x{n}")
        assert house.calls["/thing"] == 1 and len(house.answers.shelf.fast) <= 16
        for n in range(3):
            reply = await house.ask("/table", accept=f"text/csv, text/x{n}")
            assert orjson.loads(reply.body)["accept"] == "text/csv"
            reply = await house.ask("/table", accept=f"text/x{n}, */*")
            assert orjson.loads(reply.body)["accept"] is None
        assert house.calls["/table"] == 2  # this route reads the header: one form or the other
        await house.ask(query="q=" + "x" * 2000)
        assert len(house.answers.shelf) == 3  # nobody fills the shelf with such

    live(work)


def test_the_same_at_the_same_time_is_made_once() -> None:
    async def work(house: House) -> None:
        house.pause.clear()
        asked = [asyncio.create_task(house.ask()) for _ in range(50)]
        await until(lambda: house.answers.counts["waits"] == 49)
        asked[0].cancel()  # whoever began it leaves; the others go on waiting
        await asyncio.gather(asked[0], return_exceptions=True)
        house.pause.set()
        replies = await asyncio.gather(*asked[1:])
        assert house.calls["/thing"] == 1 and len({reply.body for reply in replies}) == 1
        assert not house.answers.flights

    live(work)


def test_one_failure_fails_all_and_is_forgotten() -> None:
    async def work(house: House) -> None:
        house.pause.clear()
        house.error = ZeroDivisionError("a bug")
        asked = [asyncio.create_task(house.ask()) for _ in range(10)]
        await until(lambda: house.answers.counts["waits"] == 9)
        house.pause.set()
        found = await asyncio.gather(*asked, return_exceptions=True)
        assert [type(one) for one in found] == [ZeroDivisionError] * 10 and house.calls["/thing"] == 1
        house.error = None
        assert (await house.ask()).status == 200 and not house.answers.flights

    live(work)


@pytest.mark.parametrize("status", [201, 204, 206, 301, 404, 422, 500, 503])
def test_only_success_is_kept(status: int) -> None:
    async def work(house: House) -> None:
        house.status = status
        assert (await house.ask()).status == status
        house.status = 200
        reply = await house.ask()
        assert reply.status == 200 and house.calls["/thing"] == 2 and "etag" in reply.headers

    live(work)


@pytest.mark.parametrize(
    "headers",
    [{"set-cookie": "a=b"}, {"cache-control": "no-store"}, {"cache-control": "private"}, {"vary": "*"}],
)
def test_what_a_route_calls_private_is_not_kept(headers: dict[str, str]) -> None:
    async def work(house: House) -> None:
        house.headers = headers
        reply = await house.ask()
        assert all(reply.headers[name] == value for name, value in headers.items())
        await house.ask()
        assert house.calls["/thing"] == 2 and len(house.answers.shelf) == 0

    live(work)


def test_private_answers_are_never_shared() -> None:
    async def work(house: House) -> None:
        for name in ("Ada", "Bob", "Ada"):
            who = Principal(uuid4(), name, "viewer", frozenset(), "session")
            reply = await house.ask("/mine", who=who)
            assert orjson.loads(reply.body) == {"name": name} and "etag" not in reply.headers
        assert house.calls["/mine"] == 3 and len(house.answers.shelf) == 0

    live(work)


def test_who_may_not_read_gets_nothing_from_the_shelf() -> None:
    async def work(house: House) -> None:
        kept = await house.ask(who=VIEWER)
        assert (await house.ask(who=VIEWER)).body == kept.body and house.calls["/thing"] == 1
        for who in (None, NARROW):
            reply = await house.ask(who=who)  # the router's own gate would refuse; this one has none
            assert "etag" not in reply.headers
        assert house.calls["/thing"] == 3

    live(work)


def test_a_persons_headers_do_not_reach_a_shared_answer() -> None:
    async def work(house: House) -> None:
        seen: list[set[str]] = []

        async def spy(scope: Any, receive: Any, send: Any) -> None:
            seen.append({name.decode() for name, _ in scope["headers"]})
            await house.app._framework(scope, receive, send)

        house.answers.front.app = spy  # type: ignore[union-attr]
        await house.ask(cookie="a=b", authorization="Bearer x", if_none_match='"x"', range="bytes=0-1")
        assert seen == [{"host"}]

    live(work)


def test_a_change_is_seen_before_its_answer_is_sent() -> None:
    """Another process publishes: whoever notices first tells all, and old answers are gone."""

    async def work(house: House) -> None:
        old = await house.ask()
        house.publish()
        assert (await house.ask()).body == old.body  # nobody could know; the task that looks will tell
        new = await house.ask("/series/a")  # the router reads the new state
        assert orjson.loads(new.body)["version"] == 2
        assert orjson.loads((await house.ask()).body)["version"] == 2
        assert house.answers.counts["stale"] == 1

    live(work)


def test_a_change_in_the_middle_is_made_again() -> None:
    async def work(house: House) -> None:
        house.pause.clear()
        asked = asyncio.create_task(house.ask())
        await until(lambda: house.calls["/thing"] == 1)
        house.publish()
        house.pause.set()
        assert orjson.loads((await asked).body)["version"] == 2
        assert house.calls["/thing"] == 2 and house.answers.counts["moved"] == 1

    live(work)


class Recorder:
    """In the place of Redis: empty, and remembers what it was given."""

    def __init__(self) -> None:
        self.stored: dict[str, bytes] = {}

    async def get(self, key: str) -> None:
        return None

    async def put(self, key: str, payload: bytes, ttl_s: float) -> bool:
        self.stored[key] = payload
        return True


def test_others_get_only_what_was_made_of_one_state() -> None:
    async def work(house: House) -> None:
        house.answers.redis = redis = Recorder()  # type: ignore[assignment]
        house.pause.clear()
        asked = asyncio.create_task(house.ask())
        await until(lambda: house.calls["/thing"] == 1)
        house.publish()
        house.pause.set()
        await asked
        await until(lambda: not house.answers._tasks)
        ((name, payload),) = redis.stored.items()
        found = unpack(payload)
        assert found is not None and found.content_key == house.content.key
        assert name.startswith(f"{house.content.key}:leaderboard:") and house.content.cycle in name
        assert orjson.loads(found.plain.body)["version"] == 2

    live(work)


class Late(Recorder):
    """In the place of Redis: it lets everybody wait."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.answering = asyncio.Event()

    async def get(self, key: str) -> None:
        self.asked += 1
        await self.answering.wait()


def test_nobody_waits_for_a_late_redis() -> None:
    async def work(house: House) -> None:
        house.answers.redis = redis = Late()  # type: ignore[assignment]
        for name in "abc":
            assert (await house.ask(f"/series/{name}")).status == 200
        assert redis.asked == 1 and redis.stored == {}  # while it is late, nobody else asks
        redis.answering.set()
        await until(lambda: not house.answers._tasks)
        await house.ask("/series/d")
        await until(lambda: not house.answers._tasks)
        assert redis.asked == 2 and len(redis.stored) == 1

    live(work)


def test_a_change_without_end_is_answered_and_not_kept() -> None:
    async def work(house: House) -> None:
        async def publish() -> None:
            house.publish()

        house.reading = publish  # each look finds another state
        started = house.content.version
        reply = await house.ask()
        assert reply.status == 200 and orjson.loads(reply.body)["version"] > started
        assert len(house.answers.shelf) == 0

    live(work)


def test_after_a_while_without_a_look_it_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(house: House) -> None:
        await house.ask()
        house.publish()
        house.answers.newest.doubt()
        assert orjson.loads((await house.ask()).body)["version"] == 2
        house.answers.newest.doubt()
        calls = house.calls["/thing"]
        await house.ask()
        assert house.calls["/thing"] == calls  # looked, and what is kept still holds

        async def away() -> None:
            raise DatabaseUnreachable("away")

        house.reading = away
        house.answers.newest.doubt()
        assert (await house.ask()).status == 200  # this router needs no database
        assert house.calls["/thing"] == calls + 1

    live(work)


def test_an_answer_503_makes_it_look_again() -> None:
    async def work(house: House) -> None:
        await house.ask()
        house.status = 503
        await house.ask(who=None)  # past the shelf
        house.status = 200
        house.publish()
        assert orjson.loads((await house.ask()).body)["version"] == 2

    live(work)


def test_the_newest_goes_back_only_when_the_database_did() -> None:
    async def main() -> None:
        states: list[asyncio.Future[Content]] = []

        async def read() -> Content:
            states.append(asyncio.get_running_loop().create_future())
            return await states[-1]

        known = newest.Newest(read)
        slow, quick = asyncio.create_task(known.see()), asyncio.create_task(known.see())
        await until(lambda: len(states) == 2)
        states[1].set_result(Content(6, "f", "c"))
        await quick
        states[0].set_result(Content(5, "e", "c"))
        await slow
        assert known.content == Content(6, "f", "c")  # the slow one was only late
        restored = asyncio.create_task(known.see())
        await until(lambda: len(states) == 3)
        states[2].set_result(Content(5, "e", "c"))
        await restored
        assert known.content == Content(5, "e", "c")

    asyncio.run(main())


@settings(max_examples=60)
@given(
    st.lists(
        st.one_of(
            st.just("publish"),
            st.sampled_from([1.0, 300.0, 1000.0]),
            st.tuples(
                st.sampled_from(["/thing", "/series/a", "/series/b", "/table"]),
                st.sampled_from(["", "top=1", "top=2&on=x", "%00"]),
                st.sampled_from(["", "gzip", "gzip;q=0", "*;q=0.1"]),
                st.sampled_from(["", "text/csv"]),
                st.integers(1, 3),
            ),
        ),
        max_size=25,
    )
)
def test_any_sequence_gives_the_bytes_of_the_router(steps: list[Any]) -> None:
    async def work(house: House) -> None:
        for step in steps:
            if step == "publish":
                house.publish()
                await house.answers.newest.see()  # the task that looks
            elif isinstance(step, float):
                house.at += step
            else:
                path, query, encoding, accept, times = step
                asked = [
                    house.ask(path, query, accept_encoding=encoding, accept=accept) for _ in range(times)
                ]
                reads = {"accept": accept} if accept and path == "/table" else {}
                plain = await house.plain(path, query, **reads)
                for reply in await asyncio.gather(*asked):
                    body = reply.body
                    if reply.headers.get("content-encoding") == "gzip":
                        assert accepts(encoding.encode(), b"gzip")
                        body = gzip.decompress(body)
                    assert body == plain.body

    live(work, limit_bytes=30_000)


@given(st.binary(max_size=60))
def test_any_header_can_be_read(value: bytes) -> None:
    assert accepts(value, b"gzip") in (True, False)
    assert still_has(value, b'"tag"') == (b'"tag"' in value or value.strip() == b"*") or b"," in value


def test_an_answer_travels_whole_or_not_at_all() -> None:
    async def work(house: House) -> None:
        await house.ask()
        (slot,) = house.answers.shelf.slots.values()
        packed = pack(slot.answer)
        assert unpack(packed) == slot.answer
        for wrong in (b"", b"{}", b"[]\n", packed[:-1], packed + b"x", b"null\n" + packed, packed[5:]):
            assert unpack(wrong) is None

    live(work)


def test_headers_that_are_ours_are_not_taken_from_a_route() -> None:
    assert may_keep(200, [(b"Content-Type", b"a/b")]) and not may_keep(200, [(b"Set-Cookie", b"a")])
    assert {b"age", b"etag", b"vary"} <= OWN
