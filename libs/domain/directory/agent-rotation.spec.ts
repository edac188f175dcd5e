import { describe, expect, it } from 'vitest';
import { drawAgent, type Turns } from './agent-rotation.ts';

/** @returns who is drawn, one after the other */
function drawAll(draws: { agents: number[]; avoid?: number }[], turns: Turns = []): number[] {
  return draws.map(({ agents, avoid }) => {
    const draw = drawAgent(turns, agents, avoid ?? null);
    turns = draw.turns;
    return draw.agent;
  });
}
const times = (count: number, agents: number[]): { agents: number[] }[] => Array(count).fill({ agents });

describe('the turns of agents', () => {
  it('go round', () => {
    expect(drawAll(times(7, [5, 3, 9]))).toEqual([5, 3, 9, 5, 3, 9, 5]);
  });

  it('pass over who is away, and give who comes back one turn, not all that were missed', () => {
    const draws = [...times(3, [1, 2, 3]), ...times(4, [1, 3]), ...times(5, [1, 2, 3])];
    expect(drawAll(draws)).toEqual([1, 2, 3, 1, 3, 1, 3, 2, 1, 3, 2, 1]);
  });

  it('are fair to agents of two brands who share one', () => {
    const draws = Array.from({ length: 60 }, (_, index) => ({ agents: index % 2 === 0 ? [1, 2] : [2, 3] }));
    const drawn = drawAll(draws);
    const counts = [1, 2, 3].map((agent) => drawn.filter((one) => one === agent).length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  });

  it('avoid the present agent where there is another', () => {
    expect(drawAll([{ agents: [1, 2], avoid: 1 }, { agents: [1, 2] }, { agents: [2], avoid: 2 }])).toEqual([2, 1, 2]);
  });
});
