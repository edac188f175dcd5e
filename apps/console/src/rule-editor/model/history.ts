/** What was done, so that it can be undone and done again. */

export interface History<State> {
  past: readonly State[];
  present: State;
  future: readonly State[];
  /** What the latest change was about, and when: typing on in one place is one step. */
  latest: { about: string; at: number } | null;
}

const steps = 200;
/** Milliseconds after which typing on is another step. */
const pause = 1500;

export function startHistory<State>(present: State): History<State> {
  return { past: [], present, future: [], latest: null };
}

/** @param about the place that is typed into; null: a step of its own @param at in milliseconds */
export function record<State>(
  history: History<State>,
  present: State,
  about: string | null,
  at: number,
): History<State> {
  if (present === history.present) return history;
  const { latest } = history;
  const goesOn = about !== null && latest?.about === about && at - latest.at < pause;
  const past = goesOn ? history.past : [...history.past, history.present].slice(-steps);
  return { past, present, future: [], latest: about === null ? null : { about, at } };
}

export function undo<State>(history: History<State>): History<State> {
  const before = history.past.at(-1);
  if (before === undefined) return history;
  const { past, present, future } = history;
  return { past: past.slice(0, -1), present: before, future: [present, ...future], latest: null };
}

export function redo<State>(history: History<State>): History<State> {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.present], present: next, future, latest: null };
}
