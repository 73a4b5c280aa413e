// Many parts at a glance: the odd ones are picked, one key passes the rest. Claims, leases and outbox are the bench's.

import { Problem, freshKey, freshUuid, post } from "./api.js";
import { Badge, whyUnsent } from "./badge.js";
import { Outbox } from "./outbox.js";
import { openStore } from "./store.js";
import { Tabs } from "./tabs.js";
import { Tiles } from "./tiles.js";
import { t } from "./words.js";

const API = "/api/v1";
const POLL_MS = 4_000;
const find = (id) => document.getElementById(id);
const { slug: job, person, name, heartbeat, logIn } = find("grid-body").dataset;
const shelf = `sightline.grid.${job}`;

class Grid {
  constructor() {
    this.tiles = new Tiles({ box: find("tiles"), onChange: () => this.show() });
    this.answered = new Set();
    this.last = [];
    this.since = performance.now();
    this.asking = false;
    this.again = false;
    this.written = Promise.resolve();
  }

  get hold() {
    return Number(find("size").value);
  }

  // -------------------------------------------------------------- fetching and showing
  async topUp() {
    this.again = this.asking;
    if (this.asking) return;
    this.asking = true;
    clearTimeout(this.poll);
    try {
      const body = { hold: this.hold };
      const { reviews } = await post(`${API}/jobs/${job}/reviews/next/`, body, { person });
      const busy = this.outbox.reviews;
      const mine = reviews.filter((review) => !this.answered.has(review.lease) && !busy.has(review.id));
      // What was taken back and has not arrived is ours although the server does not know it yet.
      const kept = this.tiles.reviews.filter((review) => busy.has(review.id) && !this.answered.has(review.lease));
      if (!this.tiles.size) this.since = performance.now();
      this.tiles.show([...kept, ...mine]);
      if (!this.tiles.size) this.say(t("No part is waiting. This page looks again every few seconds."));
    } catch (error) {
      if (!this.tiles.size) this.say(t("No next parts: {why}.", { why: whyUnsent(error) }));
    } finally {
      this.asking = false;
      if (this.again) this.topUp();
      else if (!this.tiles.size) this.poll = setTimeout(() => this.topUp(), POLL_MS);
    }
  }

  say(words) {
    find("say").textContent = words;
  }

  show() {
    const { odd, rest, ready, size } = this.tiles;
    find("rest").disabled = !ready || !rest.length;
    find("rest-words").textContent = rest.length ? t("OK for {count}", { count: rest.length }) : "OK";
    find("judge-odd").disabled = !odd.length;
    find("undo").disabled = !this.last.length;
    if (size) this.say(odd.length ? t("{odd} of {size} picked as odd", { odd: odd.length, size }) : t("{size} parts", { size }));
  }

  // -------------------------------------------------------------- answering
  /** One key for all that were seen and not picked: each goes out as its own verdict. */
  async passRest() {
    const { rest, ready } = this.tiles;
    if (!ready || !rest.length) return;
    find("notice").textContent = "";
    const seconds = Math.round((performance.now() - this.since) / rest.length) / 1000;
    this.last = rest;
    for (const review of rest) {
      this.answered.add(review.lease);
      this.tiles.drop(review.id);
    }
    this.since = performance.now();
    this.written = Promise.all(rest.map((review) => this.outbox.add(this.verdict(review, seconds))));
    this.show();
    await this.written;
    this.topUp();
  }

  verdict(review, seconds) {
    const answer = { verdict: "OK", labels: [], regions: [], note: "" };
    const timed = seconds >= 0 && seconds < 86_400 ? { seconds } : {};
    return { kind: "verdict", ...of(review, "verdict"), body: { lease: review.lease, client_key: freshKey(), ...answer, ...timed } };
  }

  /** The last handful comes back as a whole. */
  async undo() {
    const back = this.last;
    this.last = [];
    await this.written;
    for (const review of back) {
      const body = { lease: review.lease, new_lease: freshUuid() };
      await this.outbox.add({ kind: "undo", ...of(review, "undo"), body });
      review.lease = body.new_lease;
    }
    this.tiles.show([...back, ...this.tiles.reviews]);
  }

  // -------------------------------------------------------------- what became of it
  saved(entry, first) {
    const change = { verdict: 1, undo: -1 }[entry.kind] || 0;
    if (first && entry.job === job) find("count").textContent = String(Math.max(0, Number(find("count").textContent) + change));
    // While answers are on their way the server still counts their parts as held, and tops up too little.
    if (!this.outbox.size) this.topUp();
  }

  refused(entry, problem) {
    const about = { serial: entry.serial, why: problem.message };
    this.last = this.last.filter((review) => review.id !== entry.review);
    if (entry.kind === "undo") {
      this.answered.add(entry.body.new_lease);
      this.tiles.drop(entry.review);
      this.show();
      return t("Part {serial} was not taken back: {why}", about);
    }
    if (problem.status !== 409) this.answered.delete(entry.body.lease);
    this.topUp();
    return t("Part {serial}: {why}", about);
  }

  troubled(error) {
    if (!(error instanceof Problem && error.elsewhere)) return;
    this.tiles.show([]);
    this.say(t("Somebody else has logged in here. Load this page again to go on."));
  }

  async heard(news) {
    await this.outbox.load();
    if (news.kind === "given" && news.review && this.tiles.has(news.review)) {
      this.answered.add(news.lease);
      this.tiles.drop(news.review);
      this.show();
    }
    if (news.kind === "saved" || news.kind === "left") this.topUp();
  }

  /** Give back what is on the grid but for `keep`, and go to `target`. */
  async leave(target, keep = []) {
    await this.written;
    if (!(await this.tabs.others())) {
      const back = this.tiles.reviews.filter((review) => !keep.includes(review));
      const give = (review) =>
        post(of(review, "give-back").url, { lease: review.lease }, { keepalive: true, person });
      await Promise.allSettled(back.map(give));
    }
    this.tabs.tell({ kind: "left" });
    window.location.assign(target);
  }
}

function of(review, verb) {
  return { review: review.id, serial: review.serial, job, url: `${API}/reviews/${review.id}/${verb}/` };
}

function listen(grid) {
  find("rest").addEventListener("click", () => grid.passRest());
  find("undo").addEventListener("click", () => grid.undo());
  find("judge-odd").addEventListener("click", () => grid.leave(find("singly").href, grid.tiles.odd));
  for (const id of ["singly", "leave"])
    find(id).addEventListener("click", (event) => {
      event.preventDefault();
      grid.leave(event.currentTarget.href);
    });
  find("size").addEventListener("change", () => {
    localStorage.setItem(shelf, find("size").value);
    grid.topUp();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.target.closest("select")) return;
    const key = event.key.toLowerCase();
    const act = { 1: () => grid.passRest(), o: () => grid.passRest(), z: () => grid.undo(), backspace: () => grid.undo() }[key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && grid.topUp());
  setInterval(() => grid.tiles.size && post(`${API}/reviews/heartbeat/`, {}, { person }).catch(() => {}), 1000 * Number(heartbeat));
}

async function start() {
  const grid = new Grid();
  const badge = new Badge({ badge: find("saved"), others: find("others"), letters: find("letters"), logIn });
  const tabs = new Tabs({ person, onNews: (news) => grid.outbox && grid.heard(news) });
  const on = {
    changed: () => badge.show(grid.outbox),
    saved: (entry, _said, first) => grid.saved(entry, first),
    refused: async (entry, problem) => grid.refused(entry, problem),
    troubled: (error) => grid.troubled(error),
    fragile: () => (find("notice").textContent = t("This browser keeps nothing on the computer: do not close the page while something is unsent.")),
  };
  const store = await openStore();
  Object.assign(grid, { tabs, outbox: new Outbox({ store, tabs, person, name, on }) });
  if (!store.durable) on.fragile();
  find("size").value = localStorage.getItem(shelf) || "9";
  await grid.outbox.load();
  listen(grid);
  grid.topUp();
}

start();
