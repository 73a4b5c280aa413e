"""What stands on a desk or at a camera: a client that asks again where the line broke, under the same keys."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from typing import Any

import requests

Json = dict[str, Any]
PATIENCE_SECONDS = 60.0


class Terminal:
    """One log-in at the public API. For one thread. Keeps the status of every answer."""

    def __init__(self, address: str, username: str, password: str) -> None:
        self.address = address
        self.statuses: list[int] = []
        self.refused: list[str] = []
        self.broken_lines = 0
        self._session = requests.Session()
        token = self.ask("POST", "/token/", json={"username": username, "password": password})["token"]
        self._session.headers["Authorization"] = f"Token {token}"

    def ask(self, method: str, path: str, **how: Any) -> Json:
        """The body of the answer; what was refused is noted and comes back too."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                answer = self._session.request(method, f"{self.address}/api/v1{path}", timeout=30, **how)
                break
            except requests.RequestException:
                self.broken_lines += 1
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)
        self.statuses.append(answer.status_code)
        if not answer.ok:
            self.refused.append(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
        body: Json = answer.json() if "json" in answer.headers.get("Content-Type", "") else {}
        return body

    def close(self) -> None:
        """Hang up: a server that stops waits for open lines."""
        self._session.close()

    def get(self, path: str, **params: Any) -> Json:
        return self.ask("GET", path, params=params)

    def post(self, path: str, body: Json | None = None) -> Json:
        return self.ask("POST", path, json=body or {})

    def send(self, job: str, serial: str, picture: bytes) -> Json:
        return self.ask("POST", f"/jobs/{job}/items/", files={"picture": ("part", picture)}, data={"serial": serial})

    def parts(self, job: str, **params: Any) -> list[Json]:
        """At most 200 parts of a job, newest first."""
        results: list[Json] = self.get(f"/jobs/{job}/items/", limit=200, **params)["results"]
        return results

    def next(self, job: str, *, hold: int = 3) -> list[Json]:
        reviews: list[Json] = self.post(f"/jobs/{job}/reviews/next/", {"hold": hold}).get("reviews", [])
        return reviews

    def look(self, review: Json, verdict: str = "OK") -> Looked:
        """Answer one review as its page does: first the own answer where it asks for one, then the verdict."""
        answer = {"lease": review["lease"], "verdict": verdict}
        hint, path = review["hint"], f"/reviews/{review['id']}"
        if review["commit_first"]:
            hint = self.post(f"{path}/commit/", {**answer, "client_key": uuid.uuid4().hex}).get("hint")
        key = uuid.uuid4().hex
        kept = self.post(f"{path}/verdict/", {**answer, "client_key": key, "seconds": 1.0})
        return Looked(review=review, client_key=key, hint=hint, accepted=kept.get("review") == review["id"])

    def work_off(self, job: str, verdicts: Sequence[str] = ("OK",)) -> list[Looked]:
        """Look at everything that is to be had, giving these verdicts in turn."""
        done: list[Looked] = []
        while held := self.next(job):
            done += [self.look(review, verdicts[(len(done) + n) % len(verdicts)]) for n, review in enumerate(held)]
        return done


class Looked:
    """What came of one review."""

    def __init__(self, *, review: Json, client_key: str, hint: Json | None, accepted: bool) -> None:
        self.review, self.client_key, self.hint, self.accepted = review, client_key, hint, accepted

    @property
    def serial(self) -> str:
        return str(self.review["serial"])
