// A new job: label lines, a proposed name for addresses, and pictures that are sent once the job is made.

import { Uploads, onFiles } from "./uploads.js";
import { t } from "./words.js";

const find = (id) => document.getElementById(id);
const form = find("new-job");
let made = null;

function asCode(text, dash) {
  return text
    .normalize("NFKD")
    .replace(/[^\w\s-]/g, "")
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, dash)
    .slice(0, 64);
}

/** Fill `target` from `source` until somebody writes into it. */
function propose(source, target, dash) {
  let own = Boolean(target.value);
  const fill = () => {
    if (!own) target.value = asCode(source.value, dash);
  };
  target.addEventListener("input", () => (own = Boolean(target.value)));
  source.addEventListener("input", fill);
  // What was written before this script was there.
  fill();
}

function dress(row) {
  propose(row.querySelector("[data-name]"), row.querySelector("[data-code]"), "_");
  row.querySelector("[data-remove]").addEventListener("click", () => {
    row.remove();
    find("add-label").focus();
  });
}

let next = find("label-rows").children.length;

function addRow() {
  const holder = document.createElement("ol");
  holder.innerHTML = find("label-row").innerHTML.replaceAll("__n__", String(next));
  next += 1;
  const row = holder.firstElementChild;
  find("label-rows").append(row);
  dress(row);
  row.querySelector("[data-name]").focus();
}

const uploads = new Uploads({
  list: find("upload-files"),
  sum: find("upload-sum"),
  target: () => ({ url: made.pictures, fields: { serial_from_name: find("serials").checked ? "1" : "" } }),
});

async function make(event) {
  event.preventDefault();
  const button = find("make").querySelector("button");
  button.disabled = true;
  find("wrong").hidden = true;
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      credentials: "same-origin",
      headers: { Accept: "application/json" },
      body: new FormData(form),
    });
    const said = await answer.json();
    if (!answer.ok) throw new Error(said.detail);
    goOn(said);
  } catch (error) {
    find("wrong").textContent = error instanceof TypeError ? t("No connection. Nothing was made; try again.") : error.message;
    find("wrong").hidden = false;
    button.disabled = false;
  }
}

function goOn(said) {
  made = said;
  find("make").hidden = true;
  find("made").hidden = false;
  find("to-inspect").href = said.inspect;
  find("to-people").href = said.people;
  find("to-job").href = said.job;
  find("made-title").focus();
  uploads.start();
}

for (const row of find("label-rows").children) dress(row);
propose(find("name"), find("slug"), "-");
find("add-label").addEventListener("click", addRow);
form.addEventListener("submit", make);
onFiles({
  drop: find("drop"),
  input: find("files"),
  take: (files) => {
    uploads.add(files);
    if (made) uploads.start();
  },
});
window.addEventListener("beforeunload", (event) => {
  if (made && uploads.left) event.preventDefault();
});
