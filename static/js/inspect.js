// The inspector's page: one picture, one key, the next picture. Everything it knows comes from the REST API.

import { Problem, freshKey, post } from "./api.js";
import { Hands } from "./hands.js";
import { HintCard } from "./hint.js";
import { Outbox } from "./outbox.js";

const POLL_MS = 4_000;
const HOLD = 2;
const KEYS = { 1: "OK", o: "OK", 2: "NG", n: "NG", 3: "UNSURE", u: "UNSURE" };

const find = (id) => document.getElementById(id);
const bench = find("bench");
const judges = [...document.querySelectorAll("[data-verdict]")];
const chips = [...document.querySelectorAll("[data-label]")];
const api = "/api/v1";

const hands = new Hands();
const card = new HintCard({ card: find("hint"), stage: find("picture") });
const outbox = new Outbox({ onChange: showSaved, onSaved, onRefused });

// loading: nothing to judge yet. judging: the picture is on screen. committing: the first answer is on its way.
// revealed: the hint is on screen, the answer may be kept or changed. broken: the picture cannot be shown.
let phase = "loading";
let shown = null;
let committed = null;
let since = 0;
let asking = false;
let askAgain = false;
let poll = null;
const answered = new Set();

// ---------------------------------------------------------------- words on the page
function say(words) {
  find("say").textContent = words;
}

/** Something went otherwise than the inspector meant: it stays until the next key. */
function warn(words) {
  find("notice").textContent = words;
}

function showSaved() {
  const badge = find("saved");
  if (!outbox.size) {
    badge.textContent = "all saved";
    badge.dataset.state = "saved";
    return;
  }
  badge.dataset.state = outbox.trouble ? "trouble" : "sending";
  badge.textContent = `${outbox.size} unsent${outbox.trouble ? `: ${whyUnsent(outbox.trouble)}` : ""}`;
}

function whyUnsent(trouble) {
  if (!(trouble instanceof Problem)) return "no connection, trying again";
  if (trouble.status === 401 || trouble.status === 403) return "you are logged out, log in in another tab";
  return "the server stumbles, trying again";
}

function go(next) {
  phase = next;
  const open = next === "judging" || next === "revealed";
  for (const judge of judges) {
    judge.disabled = !(open || (next === "broken" && judge.dataset.verdict === "UNSURE"));
    judge.setAttribute("aria-pressed", String(next === "revealed" && judge.dataset.verdict === committed?.verdict));
  }
  find("pass-on").disabled = !(open || next === "broken");
}

// ---------------------------------------------------------------- fetching and showing
async function topUp() {
  askAgain = asking;
  if (asking) return;
  asking = true;
  clearTimeout(poll);
  try {
    const { reviews } = await post(`${api}/jobs/${bench.dataset.slug}/reviews/next/`, { hold: HOLD });
    hands.hold(reviews, { except: (id) => answered.has(id) });
    if (shown && !hands.reviews.some((review) => review.id === shown.id)) loseShown();
    if (!shown) showNext();
    if (!shown && !outbox.size) say("No part is waiting. This page looks again every few seconds.");
  } catch (error) {
    if (!shown) say(`${whyUnsent(error)}.`.replace(/^./, (first) => first.toUpperCase()));
  } finally {
    asking = false;
    if (askAgain) topUp();
    else if (!shown) poll = setTimeout(topUp, POLL_MS);
  }
}

function loseShown() {
  shown = null;
  warn("Somebody else took that part while you were away. Here is the next one.");
}

async function showNext() {
  const review = hands.current;
  clearAnswer();
  find("picture").replaceChildren();
  shown = review;
  for (const name of ["serial", "lot", "station"]) find(name).textContent = review?.[name] || "–";
  go("loading");
  if (!review) return;
  const { image, ready } = hands.picture(review.id);
  find("picture").replaceChildren(image);
  try {
    await ready;
  } catch {
    if (shown !== review) return;
    say("The picture cannot be shown. Answer UNSURE or pass the part on.");
    go("broken");
    return;
  }
  // A verdict on a picture that nobody has seen yet is none: keys count from here on.
  if (shown === review) startJudging(review);
}

function startJudging(review) {
  since = performance.now();
  say(`Part ${review.serial}`);
  card.show(review.hint);
  go("judging");
}

function clearAnswer() {
  committed = null;
  card.clear();
  for (const chip of chips) chip.setAttribute("aria-pressed", "false");
}

// ---------------------------------------------------------------- answering
function marked() {
  return chips.filter((chip) => chip.getAttribute("aria-pressed") === "true").map((chip) => chip.dataset.label);
}

function judge(verdict) {
  if (phase !== "judging" && phase !== "revealed" && !(phase === "broken" && verdict === "UNSURE")) return;
  warn("");
  const labels = marked();
  if (verdict === "OK" && labels.length) {
    warn("Defects are marked. Press 2 for NG, or Esc to take the marks away.");
    return;
  }
  const answer = { verdict, labels };
  // A hint that is there already means that the first answer was kept before this page was loaded again.
  if (phase === "judging" && shown.commit_first && !shown.hint) commit(shown, answer);
  else send(shown, answer);
}

async function commit(review, answer) {
  committed = answer;
  go("committing");
  const body = { lease: review.lease, client_key: freshKey(), ...answer };
  for (let pause = 500; shown === review; pause = Math.min(2 * pause, 10_000)) {
    try {
      const { hint } = await post(`${api}/reviews/${review.id}/commit/`, body);
      if (shown !== review) return;
      if (hint) reveal(hint);
      else send(review, answer);
      return;
    } catch (error) {
      if (error instanceof Problem && !error.passes) {
        commitRefused(review, answer, error);
        return;
      }
      say(`Your answer ${answer.verdict} is kept here: ${whyUnsent(error)}.`);
      await new Promise((done) => setTimeout(done, pause));
    }
  }
}

function commitRefused(review, answer, problem) {
  // The second: the job was lowered while the page was open, and the part now takes one answer.
  if (["already_committed", "not_commit_first"].includes(problem.code)) {
    send(review, answer);
    return;
  }
  hands.drop(review.id);
  showNext();
  warn(problem.message);
  topUp();
}

function reveal(hint) {
  card.show(hint, { kept: committed.verdict });
  say(`Part ${shown.serial}: keep or change your answer`);
  go("revealed");
}

function send(review, answer) {
  const seconds = since ? Math.round(performance.now() - since) / 1000 : undefined;
  const body = { lease: review.lease, client_key: freshKey(), ...answer, seconds };
  hands.drop(review.id);
  answered.add(review.id);
  // The next picture first: the verdict travels behind it.
  showNext();
  if (!shown) say("Saved as it arrives. Fetching the next part …");
  outbox.add({ review: review.id, serial: review.serial, url: `${api}/reviews/${review.id}/verdict/`, body });
}

function onSaved() {
  const count = find("count");
  count.textContent = String(Number(count.textContent) + 1);
  if (hands.size < HOLD) topUp();
}

function onRefused(entry, problem) {
  warn(`Part ${entry.serial}: ${problem.message}`);
  // What was refused for its form is still ours and comes again; what somebody else has taken does not.
  answered.delete(entry.review);
  topUp();
}

async function passOn(review, reason) {
  try {
    await post(`${api}/reviews/${review.id}/skip/`, { lease: review.lease, reason });
  } catch (error) {
    if (!(error instanceof Problem) || error.passes) {
      warn(`Not passed on: ${whyUnsent(error)}.`);
      return;
    }
    warn(error.message);
  }
  hands.drop(review.id);
  showNext();
  topUp();
}

async function heartbeat() {
  if (!hands.size) return;
  try {
    await post(`${api}/reviews/heartbeat/`, {});
  } catch {
    // The next one comes soon; the server takes an answer under a lapsed lease while nobody else has the part.
  }
}

async function leave(event) {
  event.preventDefault();
  const target = event.currentTarget.href;
  const back = hands.reviews.map((review) =>
    post(`${api}/reviews/${review.id}/give-back/`, { lease: review.lease }, { keepalive: true }),
  );
  await Promise.allSettled(back);
  window.location.assign(target);
}

// ---------------------------------------------------------------- keys and buttons
function toggle(chip) {
  if (phase !== "judging" && phase !== "revealed") return;
  chip.setAttribute("aria-pressed", String(chip.getAttribute("aria-pressed") !== "true"));
}

function askWhy() {
  if (find("pass-on").disabled) return;
  find("pass-reason").value = "";
  find("pass-dialog").returnValue = "";
  find("pass-dialog").showModal();
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  const chip = key.length === 1 && chips.find((candidate) => candidate.dataset.key === key);
  const act = KEYS[key] ? () => judge(KEYS[key]) : chip ? () => toggle(chip) : other(key, event);
  if (!act) return;
  event.preventDefault();
  // A key held down by a heavy glove must not judge ten parts.
  if (!event.repeat) act();
}

function other(key, event) {
  if (key === "0") return askWhy;
  if (key === "/") return () => find("keys-dialog").showModal();
  if (key === "h" && card.canToggle) return () => card.toggle();
  if (key === "escape") return () => chips.forEach((chip) => chip.setAttribute("aria-pressed", "false"));
  const onControl = event.target.closest("button, a");
  if (key === "enter" && phase === "revealed" && !onControl) return () => judge(committed.verdict);
  return null;
}

function start() {
  document.addEventListener("keydown", onKey);
  for (const button of judges) button.addEventListener("click", () => judge(button.dataset.verdict));
  for (const chip of chips) chip.addEventListener("click", () => toggle(chip));
  find("pass-on").addEventListener("click", askWhy);
  find("keys-open").addEventListener("click", () => find("keys-dialog").showModal());
  find("leave").addEventListener("click", leave);
  for (const button of document.querySelectorAll("[data-reason]"))
    button.addEventListener("click", () => find("pass-dialog").close(button.dataset.reason));
  find("pass-dialog").addEventListener("close", () => {
    const said = find("pass-dialog").returnValue;
    const reason = said === "own" ? find("pass-reason").value.trim() : said;
    if (reason && shown) passOn(shown, reason);
    else if (said === "own") warn("Say in a few words why this part is passed on.");
  });
  window.addEventListener("beforeunload", (event) => {
    if (outbox.size || phase === "committing") event.preventDefault();
  });
  // After sleep the leases may have lapsed: ask what is still ours before the next key.
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && topUp());
  setInterval(heartbeat, 1000 * Number(bench.dataset.heartbeat));
  topUp();
}

start();
