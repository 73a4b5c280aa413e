"""From a key to the next picture on the screen, in Chromium, against a bare page that swaps two loaded pictures."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from django.utils import timezone
from playwright.sync_api import Page, sync_playwright

from deploy import browser as machine
from deploy.bench.server import running
from inspection import walk
from inspection.acts.add_member import add_member
from inspection.acts.create_job import NewJob, NewLabel, create_job
from inspection.acts.create_person import create_person
from inspection.demo.parts import drawn_covers
from inspection.journey.intake import Incoming
from inspection.models import Job
from inspection.policy.job_policy import JobPolicy
from inspection.vocabulary import MemberRole, Source

KEYS, ROUNDS = 20, 5
"""Keys a round; rounds of the two pages in turns, so that other work on the machine weighs on both alike."""
LOOK_MS = 300
PASSWORD = "bench"  # noqa: S105  of people who live for minutes
FLAGS = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --no-first-run".split()

# Both pages are measured by this: from the key's own time to a message sent from within the frame that shows the next
# picture, which arrives behind it.
STOPWATCH = """
window.painted = [];
let pressed = 0;
addEventListener("keydown", (event) => { pressed = event.timeStamp; }, { capture: true });
window.shown = () => requestAnimationFrame(() => {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => { if (pressed) window.painted.push(performance.now() - pressed); pressed = 0; };
  channel.port2.postMessage(0);
});
"""
ON_THE_BENCH = """
new MutationObserver((changes) => {
  const fresh = changes.flatMap((change) => [...change.addedNodes]).some((node) => node.matches?.("img.part-picture"));
  if (fresh) window.shown();
}).observe(document, { subtree: true, childList: true });
"""
BARE = """
async (addresses) => {
  const images = await Promise.all(addresses.map(async (address) => {
    const image = new Image();
    image.decoding = "sync";
    image.src = address;
    image.style.maxWidth = "100%";
    await image.decode();
    return image;
  }));
  let at = 0;
  document.body.replaceChildren(images[0]);
  addEventListener("keydown", () => {
    at = 1 - at;
    document.body.replaceChildren(images[at]);
    window.shown();
  });
}
"""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Paint:
    """Milliseconds from key to painted picture, at the median and the 95th percentile."""

    keys: int
    bench_median_ms: float
    bench_p95_ms: float
    bare_median_ms: float
    bare_p95_ms: float

    @property
    def ratio(self) -> float:
        return self.bench_p95_ms / self.bare_p95_ms


def measure(*, say: Say) -> Paint:
    found = machine.find()
    if found is None:
        raise RuntimeError(machine.MISSING)
    job = _line(KEYS * ROUNDS + 20)
    with running() as (address, _), sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=found, args=FLAGS)
        inspector, bare = chromium.new_page(), chromium.new_page()
        _open_bench(inspector, address, job)
        _open_bare(bare, address, inspector.context.cookies())
        for page in (inspector, bare):
            _press(page, keys=5)
            page.evaluate("window.painted.length = 0")
        for turn in range(ROUNDS):
            say(f"round {turn + 1} of {ROUNDS}")
            for page in (inspector, bare):
                page.bring_to_front()
                _press(page, keys=KEYS)
        bench, plain = (np.array(page.evaluate("window.painted")) for page in (inspector, bare))
        chromium.close()
    return Paint(
        keys=len(bench),
        bench_median_ms=round(float(np.median(bench)), 1),
        bench_p95_ms=round(float(np.percentile(bench, 95)), 1),
        bare_median_ms=round(float(np.median(plain)), 1),
        bare_p95_ms=round(float(np.percentile(plain, 95)), 1),
    )


def _line(parts: int) -> Job:
    admin = create_person(username="paint-admin", password=PASSWORD, weak=True)
    labels = (NewLabel(code="dent", name="Dent"),)
    policy = JobPolicy(double_share=0, recheck_share=0, seed_share=0)
    job = create_job(new=NewJob(slug="paint", name="Paint", labels=labels, policy=policy), by=admin, now=timezone.now())
    person = create_person(username="painter", password=PASSWORD, weak=True)
    add_member(job=job, username=person.username, role=MemberRole.INSPECTOR)
    for number, part in enumerate(drawn_covers(start=0, stop=parts, defect_rate=0.1)):
        incoming = Incoming(data=part.data, serial=f"P{number:06d}")
        walk.take_in(job=job, incoming=incoming, source=Source.FOLDER, by=None)
    return job


def _open_bench(page: Page, address: str, job: Job) -> None:
    page.goto(f"{address}/log-in/")
    page.locator("input[name=username]").fill("painter")
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/jobs/**")
    page.add_init_script(STOPWATCH + ON_THE_BENCH)
    page.goto(f"{address}/jobs/{job.slug}/inspect/")
    page.locator("[data-verdict=OK]:enabled").wait_for()


def _open_bare(page: Page, address: str, cookies: list) -> None:  # type: ignore[type-arg]
    """A page with nothing but two pictures of the same kind, of the size that the bench shows them in."""
    page.context.add_cookies(cookies)
    page.add_init_script(STOPWATCH)
    page.goto(f"{address}/healthz")
    pictures = [next(iter(drawn_covers(start=n, stop=n + 1, defect_rate=0.0))).data for n in (0, 1)]
    page.evaluate(BARE, ["data:image/png;base64," + base64.b64encode(data).decode() for data in pictures])


def _press(page: Page, *, keys: int) -> None:
    """One key after the other, each when the page is ready for it and as fast as a person can look at all."""
    for _ in range(keys):
        before = page.evaluate("window.painted.length")
        if page.locator("[data-verdict]").count():
            page.locator("[data-verdict=OK]:enabled").wait_for()
        page.wait_for_timeout(LOOK_MS)
        page.keyboard.press("1")
        page.wait_for_function("(before) => window.painted.length > before", arg=before)
