// Whether all is saved, and what is not: the badge in the line, and the list of what the server would not take.

import { Problem } from "./api.js";
import { t } from "./words.js";

/** Why something has not arrived, as the middle of a sentence. */
export function whyUnsent(trouble) {
  if (!(trouble instanceof Problem)) return t("no connection, trying again");
  if (trouble.loggedOut) return t("logged out");
  if (trouble.elsewhere) return t("somebody else has logged in here");
  if (trouble.status === 403) return t("you may not do this here any more, tell the manager");
  return t("the server stumbles, trying again");
}

export class Badge {
  constructor({ badge, others, letters, logIn }) {
    Object.assign(this, { badge, others, letters });
    this.logIn = Object.assign(document.createElement("a"), { href: logIn, id: "log-in-again" });
    this.logIn.textContent = t("log in");
    this.told = "";
  }

  show(outbox) {
    const words = this.words(outbox);
    // A live region that is written anew is read out anew: only when it says something else.
    if (words !== this.told) {
      this.told = words;
      this.badge.replaceChildren(words);
      if (outbox.trouble?.loggedOut) this.badge.append(" ", this.logIn);
    }
    this.badge.dataset.state = outbox.trouble ? "trouble" : outbox.size ? "sending" : "saved";
    this.others.textContent = [...outbox.others.values()]
      .map(({ name, count }) => t("{count} unsent of {name}: {name} has to log in here.", { count, name }))
      .join(" ");
    this.others.title = this.others.textContent;
    this.list(outbox);
  }

  words({ size, trouble }) {
    if (!size) return trouble?.loggedOut ? t("all saved; logged out:") : t("all saved");
    if (!trouble) return t("{count} unsent", { count: size });
    const words = t("{count} unsent: {why}", { count: size, why: whyUnsent(trouble) });
    return trouble.loggedOut ? `${words}:` : words;
  }

  list(outbox) {
    const lines = outbox.refused.map((entry) => this.line(entry, outbox));
    this.letters.querySelector("ul").replaceChildren(...lines);
    this.letters.hidden = lines.length === 0;
  }

  line(entry, outbox) {
    const item = document.createElement("li");
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: t("Seen") });
    button.setAttribute("aria-label", t("Seen: {words}", { words: entry.refused }));
    button.addEventListener("click", () => outbox.dismiss(entry.id));
    item.append(Object.assign(document.createElement("span"), { textContent: entry.refused }), button);
    return item;
  }
}
