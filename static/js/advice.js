// What one key makes of a hint: accept it, or say that the AI is wrong. Pure rules; the bench asks and acts.

// Kept with the verdict for those who read it later, so always in the same words.
export const WRONG = "the AI is wrong";

/** The answer that takes the AI's verdict with its labels; own marks stay where it names none. */
export function accepted(hint, marked) {
  const labels = hint.labels.length ? hint.labels : marked.labels;
  return hint.verdict === "NG"
    ? { verdict: "NG", labels, regions: marked.regions }
    : { verdict: hint.verdict, labels: [], regions: [] };
}

/**
 * The answer of somebody who says that the AI is wrong; null where only the person can tell it: the AI was not sure,
 * or it said NG and other defects are marked.
 */
export function against(hint, first, marked) {
  const marks = marked.labels.length > 0 || marked.regions.length > 0;
  if (first && first.verdict !== "UNSURE" && first.verdict !== hint.verdict)
    return first.verdict === "NG" ? { verdict: "NG", ...marked } : marks ? null : { ...first };
  if (hint.verdict === "OK") return { verdict: "NG", ...marked };
  if (hint.verdict === "NG" && !marks) return { verdict: "OK", labels: [], regions: [] };
  return null;
}
