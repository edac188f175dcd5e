export interface Day {
  /** ISO 8601, UTC. */
  day: string;
  matches: number;
}

const dayMs = 24 * 60 * 60 * 1000;
/** More than a backtest looks back; an event may state any time. */
const mostDays = 100;

/** Every day from the first to the last event, also those without a match; at most the last 100, and all with a match. */
export function daysOf(perDay: Readonly<Record<string, number>>, from: string, to: string): Day[] {
  const last = Date.parse(to.slice(0, 10));
  const first = Math.max(Date.parse(from.slice(0, 10)), last - (mostDays - 1) * dayMs);
  const between: string[] = [];
  for (let at = first; at <= last; at += dayMs) between.push(new Date(at).toISOString().slice(0, 10));
  const all = [...new Set([...between, ...Object.keys(perDay)])].sort();
  return all.map((day) => ({ day, matches: perDay[day] ?? 0 }));
}
