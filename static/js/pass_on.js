// The dialog in which a part is passed on: to somebody else, or to an expert who decides; with a reason in both cases.

import { t } from "./words.js";

export class PassOn {
  /** `onPass(kind, reason)` with kind "skip" or "escalate". */
  constructor({ dialog, onPass, warn }) {
    Object.assign(this, { dialog, onPass, warn });
    this.own = dialog.querySelector("#pass-reason");
    this.reasons = [...dialog.querySelectorAll("[data-reason]")];
    for (const button of this.reasons) button.addEventListener("click", () => this.pass(button.dataset.reason));
    dialog.addEventListener("keydown", (event) => this.onKey(event));
    dialog.querySelector("form").addEventListener("submit", (event) => this.onSubmit(event));
  }

  ask() {
    this.own.value = "";
    this.dialog.querySelector("[value=skip]").checked = true;
    this.dialog.showModal();
    this.reasons[0].focus();
  }

  get kind() {
    return this.dialog.querySelector("[name=to]:checked").value;
  }

  /** 1, 2, 3 choose a reason, as they choose a verdict outside. */
  onKey(event) {
    const reason = this.reasons[Number(event.key) - 1];
    if (!reason || event.target === this.own || event.repeat) return;
    event.preventDefault();
    this.pass(reason.dataset.reason);
  }

  onSubmit(event) {
    if (event.submitter?.value !== "own") return;
    event.preventDefault();
    const reason = this.own.value.trim();
    if (reason) this.pass(reason);
    else {
      this.warn(t("Say in a few words why this part is passed on."));
      this.dialog.close();
    }
  }

  pass(reason) {
    const kind = this.kind;
    this.dialog.close();
    this.onPass(kind, reason);
  }
}
