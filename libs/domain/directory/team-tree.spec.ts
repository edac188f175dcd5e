import { describe, expect, it } from 'vitest';
import type { Team } from './directory.ts';
import { teamAndBelow, teamCycle } from './team-tree.ts';

const team = (id: string, parent_id?: string): Team => ({
  id,
  name: id,
  ...(parent_id !== undefined && { parent_id }),
});
const ids = (teams: Team[]): string[] => teams.map(({ id }) => id);

describe('teams below teams', () => {
  const tree = [team('b1', 'b'), team('a'), team('b', 'a'), team('c', 'a'), team('other')];

  it('are the team itself and all that descend from it, the nearest first', () => {
    expect(ids(teamAndBelow(tree, 'a'))).toEqual(['a', 'b', 'c', 'b1']);
    expect(ids(teamAndBelow(tree, 'b'))).toEqual(['b', 'b1']);
    expect(teamAndBelow(tree, 'nothing')).toEqual([]);
  });

  it('are each named once in a cycle', () => {
    const cycle = [team('a', 'c'), team('b', 'a'), team('c', 'b'), team('self', 'self')];
    expect(ids(teamAndBelow(cycle, 'b'))).toEqual(['b', 'c', 'a']);
    expect(ids(teamAndBelow(cycle, 'self'))).toEqual(['self']);
  });

  it('tell a cycle from a tree, also one that only leads into it', () => {
    expect(teamCycle([...tree, team('orphan', 'unknown')])).toBeNull();
    expect(teamCycle([team('x', 'a'), team('a', 'b'), team('b', 'a')])).toEqual(['a', 'b', 'a']);
    expect(teamCycle([team('self', 'self')])).toEqual(['self', 'self']);
  });
});
