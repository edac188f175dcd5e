/** Rules and contexts for the unit tests of this folder; each test names only what it is about. */
import type { RunPatch } from '../runs/run.ts';
import type { RuntimeContext } from '../context/evaluation-context.ts';
import type { Predicate, Operator, Rule } from '../rules/rule.ts';

export function aRule(parts: Partial<Rule> = {}): Rule {
  return {
    id: 'rule',
    name: 'A rule',
    description: '',
    brand: null,
    trigger_event: 'trade.opened',
    conditions: { match: 'all', rules: [] },
    actions: [{ type: 'notify.manager', params: {} }],
    priority: 100,
    stop_after: false,
    status: 'active',
    version: 1,
    created_at: '2026-01-01T00:00:00.000Z',
    updated_at: '2026-01-01T00:00:00.000Z',
    archived_at: null,
    created_by: 'alice',
    updated_by: 'alice',
    ...parts,
  };
}

export function aContext(parts: Partial<RuntimeContext> = {}): RuntimeContext {
  return { brand: 'north', event: {}, ...parts };
}

export function predicate(field: string, operator: Operator, value?: unknown): Predicate {
  return value === undefined ? { field, operator } : { field, operator, value };
}

/** Numbers from 0 up to 1 that are the same in every run (a linear congruential generator). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What a run that is under way writes of itself. */
export const runningPatch: RunPatch = {
  status: 'running',
  started_at: null,
  finished_at: null,
  duration_ms: null,
  error: null,
  actions: [],
};
