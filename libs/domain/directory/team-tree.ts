/** Teams below teams, by `parent_id`. Neither function loops, whatever the records say. */
import type { Team } from './directory.ts';

/** @returns the team and all below it, each once, the nearest first; nothing when there is no such team */
export function teamAndBelow(teams: readonly Team[], id: string): Team[] {
  const found = teams.filter((team) => team.id === id).slice(0, 1);
  const seen = new Set([id]);
  for (let next = 0; next < found.length; next += 1) {
    const { id: parent } = found[next]!;
    const below = teams.filter((team) => team.parent_id === parent && !seen.has(team.id));
    for (const team of below) seen.add(team.id);
    found.push(...below);
  }
  return found;
}

/** @returns the ids around the first cycle, beginning and ending with the same one, or null */
export function teamCycle(teams: readonly Team[]): string[] | null {
  const parents = new Map(teams.map(({ id, parent_id }) => [id, parent_id]));
  const harmless = new Set<string>();
  for (const { id } of teams) {
    const path: string[] = [];
    let at: string | undefined = id;
    while (at !== undefined && !harmless.has(at)) {
      const first = path.indexOf(at);
      if (first >= 0) return [...path.slice(first), at];
      path.push(at);
      at = parents.get(at);
    }
    for (const one of path) harmless.add(one);
  }
  return null;
}
