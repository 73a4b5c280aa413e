"""Goes through all five levels of a running Sightline by the public API alone, and counts every part on the way."""

from __future__ import annotations

import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import requests

LEVELS = ("human_only", "shadow", "assistance", "partial", "full")
COMMIT_FIRST = ("assistance", "partial", "full")
ON_ITS_WAY = ("received", "predicting")
SETTLED = ("decided", "held")
REVIEW_FIELDS = frozenset(
    "id lease expires_at picture serial lot station shift labels hint commit_first committed".split()
)
PATIENCE_SECONDS = 120.0

Json = dict[str, Any]


@dataclass(frozen=True)
class KnownPart:
    """A picture whose truth is known; `bad` is None where the experts themselves doubted."""

    name: str
    data: bytes
    lot: str
    bad: bool | None


class Wrong(Exception):
    """The server did what it must not do, or did not do what it must."""


class Client:
    """One log-in at the public API."""

    def __init__(self, address: str, *, username: str, password: str) -> None:
        self._base = f"{address}/api/v1"
        self._address = address
        token = requests.post(
            f"{self._base}/token/", json={"username": username, "password": password}, timeout=30
        ).json()
        self._headers = {"Authorization": f"Token {token['token']}"}
        self._local = threading.local()

    def get(self, path: str, **params: Any) -> Json:
        return self._ask("GET", path, params=params)

    def post(self, path: str, body: Json | None = None) -> Json:
        return self._ask("POST", path, json=body or {})

    def patch(self, path: str, body: Json) -> Json:
        return self._ask("PATCH", path, json=body)

    def send_picture(self, path: str, part: KnownPart, *, serial: str) -> Json:
        files = {"picture": (part.name, part.data)}
        return self._ask("POST", path, files=files, data={"serial": serial, "lot": part.lot, "station": "smoke"})

    def picture(self, path: str) -> bytes:
        answer = self._session().get(f"{self._address}{path}", headers=self._headers, timeout=30)
        answer.raise_for_status()
        return answer.content

    def pages(self, path: str, **params: Any) -> Iterator[Json]:
        page = self.get(path, limit=200, **params)
        while True:
            yield from page["results"]
            if page["next"] is None:
                return
            page = self._read(self._session().get(page["next"], headers=self._headers, timeout=30))

    def _ask(self, method: str, path: str, **how: Any) -> Json:
        return self._read(
            self._session().request(method, f"{self._base}{path}", headers=self._headers, timeout=60, **how)
        )

    def _session(self) -> requests.Session:
        """One a thread: a session shared by threads mixes up their connections."""
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
        session: requests.Session = self._local.session
        return session

    @staticmethod
    def _read(answer: requests.Response) -> Json:
        if not answer.ok:
            raise Wrong(f"{answer.request.method} {answer.url}: {answer.status_code} {answer.text[:300]}")
        read: Json = answer.json()
        return read


@dataclass
class Seen:
    """What the inspectors were shown and answered at one level."""

    reviews: Counter[str] = field(default_factory=Counter)
    shown_early: list[str] = field(default_factory=list)
    hinted: set[str] = field(default_factory=set)
    """Serials for which a hint was revealed."""
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True)
class Smoke:
    """One walk through the levels."""

    admin: Client
    inspectors: Sequence[Client]
    job: str
    say: Callable[[str], None]

    def level(self, level: str, parts: Sequence[KnownPart]) -> Json:
        """Send parts in at one level, let AI and people work them off, and account for each of them."""
        begun = time.monotonic()
        serials = {f"{level}-{number:04d}": part for number, part in enumerate(parts)}
        with ThreadPoolExecutor(4) as pool:
            ids = list(pool.map(lambda row: self._send(*row), serials.items()))
        seen = self._work_off(level, serials)
        seconds = time.monotonic() - begun
        figures = self._account(level, serials, ids, seen)
        return {**figures, "items_per_second": round(len(parts) / seconds, 1)}

    def _send(self, serial: str, part: KnownPart) -> str:
        item = self.admin.send_picture(f"/jobs/{self.job}/items/", part, serial=serial)
        return str(item["id"])

    def _work_off(self, level: str, serials: Mapping[str, KnownPart]) -> Seen:
        seen, until = Seen(), time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            with ThreadPoolExecutor(len(self.inspectors)) as pool:
                answered = sum(pool.map(lambda who: self._inspect(who, level, serials, seen), self.inspectors))
            on_way = sum(len(self.admin.get(f"/jobs/{self.job}/items/", state=s)["results"]) for s in ON_ITS_WAY)
            self.say(f"{level}: {sum(seen.reviews.values())} looks of people, {on_way} parts with the AI")
            if not answered and not on_way:
                return seen
            time.sleep(0.2)
        raise Wrong(f"{level}: parts were still on their way after {PATIENCE_SECONDS:.0f} s")

    def _inspect(self, who: Client, level: str, serials: Mapping[str, KnownPart], seen: Seen) -> int:
        held = who.post(f"/jobs/{self.job}/reviews/next/", {"hold": 3})["reviews"]
        for review in held:
            part = serials[review["serial"]]
            with seen.lock:
                seen.reviews[review["id"]] += 1
                seen.shown_early += _early(review, level)
            if who.picture(review["picture"])[:4] != part.data[:4]:
                raise Wrong(f"{review['serial']}: another picture than the one sent in")
            self._answer(who, review, part, seen)
        return len(held)

    def _answer(self, who: Client, review: Json, part: KnownPart, seen: Seen) -> None:
        answer = {"verdict": "NG" if part.bad or part.bad is None else "OK", "lease": review["lease"]}
        path = f"/reviews/{review['id']}"
        if review["commit_first"]:
            hint = who.post(f"{path}/commit/", {**answer, "client_key": str(uuid.uuid4())})["hint"]
            if hint is not None:
                with seen.lock:
                    seen.hinted.add(review["serial"])
        who.post(f"{path}/verdict/", {**answer, "client_key": str(uuid.uuid4()), "seconds": 1.0})

    def _account(self, level: str, serials: Mapping[str, KnownPart], ids: Sequence[str], seen: Seen) -> Json:
        items = {item["id"]: item for item in self.admin.pages(f"/jobs/{self.job}/items/")}
        mine = [items[pk] for pk in ids if pk in items]
        routes = {item["serial"]: self._route(item) for item in mine}
        blind = {serial for serial, route in routes.items() if route["drawn"] == "blind"}
        audited = {serial for serial, route in routes.items() if route["drawn"] == "audit_random"}
        hidden = blind | audited | (set(serials) if level in ("human_only", "shadow") else set())
        by = Counter(item["decision"]["by"] for item in mine if item["decision"])
        return {
            "items_in": len(serials),
            "decided_by_ai": sum(1 for item in mine if _first_by_ai(routes[item["serial"]])),
            "decided_by_people": len(mine) - sum(1 for item in mine if _first_by_ai(routes[item["serial"]])),
            "in_force_by_ai": by["ai"],
            "blind": len(blind),
            "audited": len(audited),
            "looks_of_people": sum(seen.reviews.values()),
            "wrong": sum(_is_wrong(item, serials[item["serial"]]) for item in mine),
            "lost": len(ids) - sum(item["state"] in SETTLED for item in mine),
            "doubled": len(ids) - len(set(ids)) + sum(n - 1 for n in seen.reviews.values()),
            "shown_what_it_should_not_be": len(seen.shown_early) + len(seen.hinted & hidden),
        }

    def _route(self, item: Json) -> Json:
        rows = self.admin.get(f"/items/{item['id']}/history/")["results"]
        routes: list[Json] = [row for row in rows if row["kind"] == "route"]
        if len(routes) != 1:
            raise Wrong(f"{item['serial']} was routed {len(routes)} times")
        return routes[0]


def _early(review: Json, level: str) -> list[str]:
    """What a review gives away that it must not: a field too many, or a hint before any answer."""
    found = sorted(set(review) ^ REVIEW_FIELDS)
    found += [name for name in ("hint", "committed") if review[name] is not None]
    if review["commit_first"] != (level in COMMIT_FIRST):
        found.append("commit_first")
    return found


def _first_by_ai(route: Json) -> bool:
    return bool(route["by"] == "ai")


def _is_wrong(item: Json, part: KnownPart) -> bool:
    if item["decision"] is None or part.bad is None:
        return False
    return bool((item["decision"]["verdict"] == "NG") != part.bad)


def failures(levels: Mapping[str, Json]) -> list[str]:
    """What of the figures means that the walk has failed."""
    bad = ("lost", "doubled", "shown_what_it_should_not_be")
    return [f"{level}: {row[name]} {name}" for level, row in levels.items() for name in bad if row[name]]
