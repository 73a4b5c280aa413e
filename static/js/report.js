// The dialog in which a person reports what is wrong, and stops the automation where there is some.

import { Problem, post } from "./api.js";
import { whyUnsent } from "./badge.js";
import { t } from "./words.js";

const STOPPED_AT = "assistance";

export class Report {
  /** `onReport(words, withPart)` keeps the report; `onStopped()` once people judge every part again. */
  constructor({ dialog, job, person, onReport, onStopped, say }) {
    Object.assign(this, { dialog, job, person, onReport, onStopped, say });
    this.words = dialog.querySelector("#report-words");
    this.withPart = dialog.querySelector("#report-with-part");
    this.trouble = dialog.querySelector("#report-trouble");
    dialog.querySelector("form").addEventListener("submit", (event) => this.onSubmit(event));
  }

  ask() {
    this.words.value = "";
    this.trouble.textContent = "";
    this.dialog.showModal();
    this.words.focus();
  }

  async onSubmit(event) {
    const wish = event.submitter?.value;
    if (!["report", "stop"].includes(wish)) return;
    event.preventDefault();
    const words = this.words.value.trim();
    if (!words) {
      this.trouble.textContent = t("Say in a few words what is wrong.");
      this.words.focus();
      return;
    }
    if (wish === "stop" && !(await this.stop(words))) return;
    this.dialog.close();
    await this.onReport(words, this.withPart.checked);
    this.say(wish === "stop" ? t("Automation is stopped. People judge every part.") : t("Reported. A manager reads it."));
  }

  /** Not by the outbox: whether it stands still is to be known now, not when the connection is back. */
  async stop(reason) {
    const buttons = this.dialog.querySelectorAll("button");
    for (const button of buttons) button.disabled = true;
    try {
      await post(`/api/v1/jobs/${this.job}/level/`, { level: STOPPED_AT, reason }, { person: this.person });
      this.onStopped();
      return true;
    } catch (error) {
      // Somebody else was faster.
      if (error instanceof Problem && error.code === "same_level") return true;
      const why = error instanceof Problem && !error.passes ? error.message : whyUnsent(error);
      this.trouble.textContent = t("Automation is NOT stopped: {why}. Tell a manager.", { why });
      return false;
    } finally {
      for (const button of buttons) button.disabled = false;
    }
  }
}
