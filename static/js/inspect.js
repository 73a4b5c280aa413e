// The inspector's page: one picture, one key, the next picture. Everything it knows comes from the REST API.

import { Badge } from "./badge.js";
import { Bench } from "./bench.js";
import { Face } from "./face.js";
import { HintCard } from "./hint.js";
import { Keys, listKeys } from "./keys.js";
import { Marks } from "./marks.js";
import { Outbox } from "./outbox.js";
import { Outcomes } from "./outcomes.js";
import { PassOn } from "./pass_on.js";
import { Report } from "./report.js";
import { Samples } from "./samples.js";
import { openStore } from "./store.js";
import { Tabs } from "./tabs.js";
import { Viewer } from "./viewer.js";
import { t } from "./words.js";

const find = (id) => document.getElementById(id);
const all = (selector) => [...document.querySelectorAll(selector)];
const { slug: job, person, name, hold, heartbeat, logIn } = find("bench").dataset;

const face = new Face({ find, judges: all("[data-verdict]") });
const viewer = new Viewer({ host: find("picture"), controls: document.querySelector(".picture-controls") });
const samples = new Samples({ column: find("samples"), viewer, job });
const marks = new Marks({ chips: all("[data-label]"), regions: viewer.regions });
const card = new HintCard({
  card: find("hint"),
  viewer,
  on: { accept: () => bench.accept(), wrong: () => bench.saidWrong() },
});
const bench = new Bench({ job, person, hold: Number(hold), viewer, marks, card, face });
const outcomes = new Outcomes(bench);
const badge = new Badge({ badge: find("saved"), others: find("others"), letters: find("letters"), logIn });
const tabs = new Tabs({ person, onNews: (news) => bench.outbox && bench.heard(news) });
const passOn = new PassOn({
  dialog: find("pass-dialog"),
  onPass: (kind, reason) => bench.passOn(kind, reason),
  warn: (words) => face.warn(words),
});
const report = new Report({
  dialog: find("report-dialog"),
  job,
  person,
  onReport: (words, withPart) => bench.report(words, withPart),
  onStopped: stopped,
  say: (words) => face.warn(words),
});

const acts = {
  toggle: (chip) => bench.open && marks.toggle(chip),
  passOn: () => !find("pass-on").disabled && passOn.ask(),
  undo: () => bench.undo(),
  report: () => report.ask(),
  help: () => find("keys-dialog").showModal(),
  escape: () => viewer.tools.close() || (bench.open && marks.takeAway()),
};

function stopped() {
  find("level").textContent = find("level").dataset.stopped;
  find("stop").hidden = true;
  bench.topUp();
}

function fragile() {
  face.warn(t("This browser keeps nothing on the computer: do not close the page while something is unsent."));
}

async function leave(event) {
  event.preventDefault();
  const target = event.currentTarget.href;
  await bench.leave();
  tabs.tell({ kind: "left" });
  window.location.assign(target);
}

function judge(button, event) {
  if (event.detail > 1 && bench.fresh) return;
  bench.judge(button.dataset.verdict);
}

function listen(outbox) {
  new Keys({ bench, marks, viewer, card, acts });
  for (const button of all("[data-verdict]")) button.addEventListener("click", (event) => judge(button, event));
  for (const chip of all("[data-label]")) chip.addEventListener("click", () => acts.toggle(chip));
  find("pass-on").addEventListener("click", acts.passOn);
  find("undo").addEventListener("click", acts.undo);
  find("report-open").addEventListener("click", acts.report);
  find("keys-open").addEventListener("click", acts.help);
  find("leave").addEventListener("click", leave);
  window.addEventListener("beforeunload", (event) => {
    // What is kept on this computer needs no warning: it is sent when the person comes back.
    if (outbox.size && !outbox.durable) event.preventDefault();
  });
  // After sleep the leases may have lapsed: ask what is still ours before the next key.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    outbox.hurry();
    bench.topUp();
  });
  window.addEventListener("online", () => {
    // A picture that the cut line kept away is no broken one.
    if (bench.phase === "broken") bench.showNext();
    bench.topUp();
  });
  setInterval(() => bench.heartbeat(), 1000 * Number(heartbeat));
}

async function start() {
  const store = await openStore();
  const outbox = new Outbox({
    store,
    tabs,
    person,
    name,
    on: {
      changed: () => badge.show(outbox),
      saved: (entry, said, first) => outcomes.saved(entry, said, first),
      refused: (entry, problem) => outcomes.refused(entry, problem),
      troubled: (error) => outcomes.troubled(error),
      fragile,
    },
  });
  if (!store.durable) fragile();
  await outbox.load();
  listKeys(find("keys-list"), viewer.keys);
  listen(outbox);
  bench.start({ outbox, tabs });
  samples.load();
}

start();
