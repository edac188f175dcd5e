import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MatchTask } from '#libs/domain/matching/match-task.ts';
import { Pace } from '#libs/matching/pace.ts';
import { matchPaced, type PacedMatch } from './paced-match.ts';

/** One slice of matching: the rule it is spent on, and what the two clocks say of it, in milliseconds. */
interface Slice {
  rule: string;
  clockMs: number;
  userMs: number;
  systemMs?: number;
}

const ruleMs = 100;
/** What the process has worked before. */
const cpu = { user: 0, system: 0 };
let clock = 0;

beforeEach(() => {
  clock = 5000;
  Object.assign(cpu, { user: 700_000, system: 300_000 });
  vi.spyOn(performance, 'now').mockImplementation(() => clock);
  vi.spyOn(process, 'cpuUsage').mockImplementation(() => ({ ...cpu }));
});
afterEach(() => void vi.restoreAllMocks());

/** A task that is done after these slices. */
function match(slices: Slice[], signal = new AbortController().signal): Promise<PacedMatch> {
  const left = [...slices];
  const task: Pick<MatchTask, 'current' | 'run'> = {
    get current() {
      return left.length === 0 ? null : ({ id: left[0]!.rule } as MatchTask['current']);
    },
    run() {
      const { clockMs, userMs, systemMs = 0 } = left.shift()!;
      clock += clockMs;
      cpu.user += userMs * 1000;
      cpu.system += systemMs * 1000;
      return left.length === 0;
    },
  };
  return matchPaced(task as MatchTask, new Pace(), ruleMs, signal);
}

describe('matching at a pace', () => {
  it('counts what the processor has worked where the clock says more: the process stood still', async () => {
    const slices = [1, 2, 3].map(() => ({ rule: 'a', clockMs: 900, userMs: 20, systemMs: 10 }));
    expect(await match(slices)).toEqual({ tookMs: 90, overrun: null });
  });

  it('counts what the clock says where the processors have worked more: other threads did', async () => {
    const slices = [1, 2, 3].map(() => ({ rule: 'a', clockMs: 10, userMs: 400 }));
    expect(await match(slices)).toEqual({ tookMs: 30, overrun: null });
  });

  it('names a rule that takes longer than a rule may, over all of its slices', async () => {
    const slices = [60, 40, 1, 1].map((ms) => ({ rule: 'slow', clockMs: ms, userMs: ms }));
    expect(await match(slices)).toEqual({ tookMs: 101, overrun: { id: 'slow' } });
  });

  it('counts each rule by itself', async () => {
    const slices = ['a', 'a', 'b', 'b'].map((rule) => ({ rule, clockMs: 60, userMs: 60 }));
    expect(await match(slices)).toEqual({ tookMs: 240, overrun: null });
  });

  it('ends between two slices with the reason of the signal', async () => {
    const ending = new AbortController();
    ending.abort(new Error('the partition is gone'));
    const slices = ['a', 'a'].map((rule) => ({ rule, clockMs: 10, userMs: 10 }));
    await expect(match(slices, ending.signal)).rejects.toThrow('the partition is gone');
  });
});
