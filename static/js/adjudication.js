// The adjudicator's page: a disputed part, what was said of it, one verdict; then who said it.

import { Problem, freshKey, freshUuid, post } from "./api.js";
import { Badge } from "./badge.js";
import { Marks } from "./marks.js";
import { Outbox } from "./outbox.js";
import { Said } from "./said.js";
import { Samples } from "./samples.js";
import { openStore } from "./store.js";
import { Tabs } from "./tabs.js";
import { Viewer } from "./viewer.js";
import { t, tn } from "./words.js";

const API = "/api/v1";
const POLL_MS = 10_000;
const SOON_MS = 500;
const FACTS = ["serial", "lot", "station", "shift"];
const VERDICTS = { 1: "OK", o: "OK", 2: "NG", n: "NG", 3: "UNSURE", u: "UNSURE" };

const find = (id) => document.getElementById(id);
const all = (selector) => [...document.querySelectorAll(selector)];
const { slug: job, person, name, heartbeat, logIn } = find("table").dataset;

class Adjudication {
  constructor({ viewer, marks, said }) {
    // By lease: a part that was taken back comes again under another one.
    Object.assign(this, { viewer, marks, said, review: null, done: new Set() });
    // loading, judging, given (kept or on its way), taken (by the server), told (the outcome was read), empty, broken
    this.go("loading");
  }

  go(phase) {
    this.phase = phase;
    const open = phase === "judging";
    for (const judge of all("[data-verdict]"))
      judge.disabled = !(open || (phase === "broken" && judge.dataset.verdict === "UNSURE"));
    find("pass-on").disabled = !(open || phase === "broken");
    find("undo").disabled = !["given", "taken"].includes(phase);
  }

  say(words) {
    find("say").textContent = words;
  }

  warn(words) {
    find("notice").textContent = words;
  }

  address(verb) {
    return `${API}/reviews/${this.review.id}/${verb}/`;
  }

  // -------------------------------------------------------------- the next part
  async next() {
    clearTimeout(this.poll);
    if (this.asking) return;
    this.asking = true;
    this.warn("");
    if (this.review) this.viewer.forget(this.review.id);
    this.lay(null);
    this.go("loading");
    this.say(t("Fetching the next part …"));
    try {
      const { waiting, left_alone: leftAlone, reviews } = await post(`${API}/jobs/${job}/adjudications/next/`, {}, { person });
      this.count(waiting);
      const review = reviews.find((one) => !this.done.has(one.lease));
      if (review) await this.show(review);
      // What is still on its way comes again from the server; it is answered here already.
      else if (reviews.length) this.again(SOON_MS);
      else this.nothing(waiting, leftAlone);
    } catch (error) {
      this.say(t("No next part: {why}.", { why: error instanceof Problem ? error.message : t("no connection, trying again") }));
      this.again();
    } finally {
      this.asking = false;
    }
  }

  count(waiting) {
    find("waiting").textContent = tn("{count} part waits", "{count} parts wait", waiting);
  }

  nothing(waiting, leftAlone) {
    this.go("empty");
    if (leftAlone) this.missing(leftAlone);
    else
      this.say(
        waiting
          ? tn(
              "{count} part waits for somebody who has not judged it, or is in other hands. You have done your share.",
              "{count} parts wait for somebody who has not judged them, or are in other hands. You have done your share.",
              waiting,
            )
          : t("No part is disputed. Parts on which two people differ come here, and those that an inspector passes on."),
      );
    this.again();
  }

  /** Nobody will ever take these: it is not the next part that has to be waited for. */
  missing(count) {
    this.say("");
    this.warn(
      tn(
        "Nobody left may settle {count} part: everybody who leads this job has judged it already. Add another quality manager.",
        "Nobody left may settle {count} parts: everybody who leads this job has judged them already. Add another quality manager.",
        count,
      ),
    );
  }

  again(pause = POLL_MS) {
    this.poll = setTimeout(() => this.next(), pause);
  }

  lay(review) {
    this.review = review;
    for (const fact of FACTS) find(fact).textContent = review?.[fact] || "–";
    this.marks.clear();
    this.viewer.clear();
    if (review) this.said.show(review);
    else this.said.clear();
  }

  async show(review) {
    this.lay(review);
    try {
      await this.viewer.show(review);
    } catch {
      this.say(t("The picture cannot be shown. Answer UNSURE or pass the part on."));
      this.go("broken");
      return;
    }
    this.begin();
  }

  begin() {
    this.since = performance.now();
    this.say(t("Part {serial}: your verdict is the one that counts.", { serial: this.review.serial }));
    this.go("judging");
  }

  // -------------------------------------------------------------- the verdict
  async judge(verdict) {
    if (this.phase !== "judging" && !(this.phase === "broken" && verdict === "UNSURE")) return;
    const { labels, regions } = this.marks.answer();
    if (verdict === "OK" && (labels.length || regions.length)) {
      this.warn(t("Defects are marked. Press 2 for NG, or Esc to take the marks away."));
      return;
    }
    this.warn("");
    this.go("given");
    this.wished = false;
    const seconds = Math.round(performance.now() - (this.since ?? performance.now())) / 1000;
    const body = { lease: this.review.lease, client_key: freshKey(), verdict, labels, regions, seconds };
    this.done.add(this.review.lease);
    await this.outbox.add({ kind: "verdict", ...this.about("verdict"), body });
    this.say(t("Part {serial}: kept.", { serial: this.review.serial }));
    this.said.decided(verdict, { onShow: () => this.tell(), onNext: () => this.next() });
  }

  about(verb) {
    return { review: this.review.id, serial: this.review.serial, job, url: this.address(verb) };
  }

  /** Who said what; from here on the verdict stands. */
  async tell() {
    // The verdict has to be with the server first; then it is told at once.
    this.wished = this.phase === "given";
    if (this.phase !== "taken") return;
    try {
      const answer = await fetch(this.address("outcome"), { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new TypeError(`${answer.status}`);
      this.go("told");
      this.warn("");
      this.said.reveal(await answer.json(), { onNext: () => this.next() });
    } catch {
      this.warn(t("What was said could not be fetched. Try again."));
    }
  }

  async undo() {
    if (!["given", "taken"].includes(this.phase)) return;
    this.go("loading");
    const fresh = freshUuid();
    const entry = { kind: "undo", ...this.about("undo"), body: { lease: this.review.lease, new_lease: fresh } };
    this.review.lease = fresh;
    this.said.outcome.hidden = true;
    await this.outbox.add(entry);
    this.begin();
  }

  async passOn(reason) {
    this.go("given");
    this.done.add(this.review.lease);
    await this.outbox.add({ kind: "skip", ...this.about("skip"), body: { lease: this.review.lease, reason } });
    this.next();
  }

  // -------------------------------------------------------------- what became of it
  saved(entry) {
    if (entry.kind === "verdict" && entry.review === this.review?.id && this.phase === "given") {
      this.go("taken");
      if (this.wished) this.tell();
    }
    if (this.phase === "empty") this.next();
  }

  refused(entry, problem) {
    const about = { serial: entry.serial, why: problem.message };
    if (entry.review === this.review?.id) this.next();
    if (entry.kind === "undo") return t("Part {serial} was not taken back: {why}", about);
    return t("Part {serial}: {why}", about);
  }

  async heartbeat() {
    if (this.phase !== "judging") return;
    try {
      await post(`${API}/reviews/heartbeat/`, {}, { person });
    } catch {
      // The next one comes soon; an answer under a lapsed lease counts while nobody else has the part.
    }
  }

  async leave(target) {
    if (this.phase === "judging" || this.phase === "broken") {
      const back = post(this.address("give-back"), { lease: this.review.lease }, { keepalive: true, person });
      await Promise.allSettled([back]);
    }
    window.location.assign(target);
  }

  // -------------------------------------------------------------- keys
  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.closest("input:not([type=range]), textarea, select")) return;
    const key = event.key.toLowerCase();
    const drawing = this.viewer.regions.active && this.viewer.onKey(key, event);
    const act = drawing ? null : this.actOf(key, event);
    if (act && !event.repeat) act();
    if (drawing || act || this.viewer.onKey(key, event)) event.preventDefault();
  }

  actOf(key, event) {
    if (key === "n" && ["given", "taken", "told"].includes(this.phase)) return () => this.next();
    if (VERDICTS[key]) return () => this.judge(VERDICTS[key]);
    const chip = this.marks.ofKey(key);
    if (chip) return () => this.phase === "judging" && this.marks.toggle(chip);
    if (key === "enter" && !event.target.closest("button, a, summary"))
      return { given: () => this.tell(), taken: () => this.tell(), told: () => this.next() }[this.phase];
    return {
      0: ask,
      z: () => this.undo(),
      backspace: () => this.undo(),
      escape: () => this.viewer.tools.close() || (this.phase === "judging" && this.marks.takeAway()),
    }[key];
  }
}

function ask() {
  if (find("pass-on").disabled) return;
  find("pass-reason").value = "";
  find("pass-dialog").showModal();
}

async function start() {
  const viewer = new Viewer({ host: find("picture"), controls: document.querySelector(".picture-controls") });
  const marks = new Marks({ chips: all("[data-label]"), regions: viewer.regions });
  const said = new Said({ cards: find("answers"), say: find("answers-say"), outcome: find("outcome"), viewer });
  const table = new Adjudication({ viewer, marks, said });
  const badge = new Badge({ badge: find("saved"), others: find("others"), letters: find("letters"), logIn });
  const tabs = new Tabs({ person, onNews: () => table.outbox?.load() });
  const fragile = () =>
    table.warn(t("This browser keeps nothing on the computer: do not close the page while something is unsent."));
  const store = await openStore();
  const outbox = new Outbox({
    store,
    tabs,
    person,
    name,
    on: {
      changed: () => badge.show(outbox),
      saved: (entry) => table.saved(entry),
      refused: (entry, problem) => table.refused(entry, problem),
      troubled: () => {},
      fragile,
    },
  });
  if (!store.durable) fragile();
  table.outbox = outbox;
  await outbox.load();
  outbox.send();
  new Samples({ column: find("samples"), viewer, job }).load();
  listen(table, outbox);
  table.next();
}

function listen(table, outbox) {
  document.addEventListener("keydown", (event) => table.onKey(event));
  for (const button of all("[data-verdict]")) button.addEventListener("click", () => table.judge(button.dataset.verdict));
  for (const chip of all("[data-label]"))
    chip.addEventListener("click", () => table.phase === "judging" && table.marks.toggle(chip));
  find("undo").addEventListener("click", () => table.undo());
  find("pass-on").addEventListener("click", ask);
  find("pass-dialog").addEventListener("close", ({ target }) => {
    const reason = find("pass-reason").value.trim();
    if (target.returnValue !== "pass") return;
    if (reason) table.passOn(reason);
    else table.warn(t("Say in a few words why the part is passed on."));
  });
  find("leave").addEventListener("click", (event) => {
    event.preventDefault();
    table.leave(event.currentTarget.href);
  });
  window.addEventListener("beforeunload", (event) => {
    if (outbox.size && !outbox.durable) event.preventDefault();
  });
  setInterval(() => table.heartbeat(), 1000 * Number(heartbeat));
}

start();
