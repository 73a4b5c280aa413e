// The page of a study on which one person judges its parts: the workbench without anything that would tell.

import { Badge } from "./badge.js";
import { Keys, listKeys } from "./keys.js";
import { Marks } from "./marks.js";
import { Outbox } from "./outbox.js";
import { Outcomes } from "./outcomes.js";
import { Samples } from "./samples.js";
import { openStore } from "./store.js";
import { NO_CARD, StudyBench, StudyFace } from "./study_bench.js";
import { Tabs } from "./tabs.js";
import { Viewer } from "./viewer.js";
import { t } from "./words.js";

const find = (id) => document.getElementById(id);
const all = (selector) => [...document.querySelectorAll(selector)];
const { slug, study, person, name, hold, logIn } = find("bench").dataset;

const face = new StudyFace({ find, judges: all("[data-verdict]") });
const viewer = new Viewer({ host: find("picture"), controls: document.querySelector(".picture-controls") });
const samples = new Samples({ column: find("samples"), viewer, job: slug });
const marks = new Marks({ chips: all("[data-label]"), regions: viewer.regions });
const bench = new StudyBench({ study, person, hold: Number(hold), viewer, marks, card: NO_CARD, face });
const outcomes = new Outcomes(bench);
const badge = new Badge({ badge: find("saved"), others: find("others"), letters: find("letters"), logIn });
const tabs = new Tabs({ person, onNews: (news) => bench.outbox && bench.heard(news) });

const acts = {
  toggle: (chip) => bench.open && marks.toggle(chip),
  undo: () => bench.undo(),
  help: () => find("keys-dialog").showModal(),
  escape: () => viewer.tools.close() || (bench.open && marks.takeAway()),
};

function fragile() {
  face.warn(t("This browser keeps nothing on the computer: do not close the page while something is unsent."));
}

function judge(button, event) {
  if (event.detail > 1 && bench.fresh) return;
  bench.judge(button.dataset.verdict);
}

async function leave(event) {
  event.preventDefault();
  const target = event.currentTarget.href;
  await bench.leave();
  window.location.assign(target);
}

function listen(outbox) {
  new Keys({ bench, marks, viewer, card: NO_CARD, acts });
  for (const button of all("[data-verdict]")) button.addEventListener("click", (event) => judge(button, event));
  for (const chip of all("[data-label]")) chip.addEventListener("click", () => acts.toggle(chip));
  find("undo").addEventListener("click", acts.undo);
  find("keys-open").addEventListener("click", acts.help);
  find("leave").addEventListener("click", leave);
  window.addEventListener("beforeunload", (event) => {
    if (outbox.size && !outbox.durable) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && bench.topUp());
  window.addEventListener("online", () => {
    if (bench.phase === "broken") bench.showNext();
    bench.topUp();
  });
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
