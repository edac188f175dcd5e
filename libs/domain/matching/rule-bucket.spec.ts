import { describe, expect, it } from 'vitest';
import { RuleIndex } from './rule-index.ts';
import type { Rule } from '../rules/rule.ts';
import { aContext, aRule, predicate, randomNumbers } from '../testing/samples.ts';

const trigger = 'trade.opened';
const contexts = Array.from({ length: 20 }, (_, n) =>
  aContext({ event: { a: `v${n}`, n: n * 7, text: 'xyz'.repeat(n) } }),
);

/** Ids in order of start, for each context. */
function outcomes(index: RuleIndex): string[][] {
  return contexts.map((context) => index.match(trigger, context).matched.map(({ rule }) => rule.id));
}

describe('an index beside which changes stand', () => {
  it('finds what one made anew finds, whatever was put and removed meanwhile', () => {
    const random = randomNumbers(11);
    const pick = (most: number): number => Math.floor(random() * most);
    const rule = (id: string): Rule =>
      aRule({
        id,
        priority: pick(5),
        conditions: [
          predicate('event.a', 'eq', `v${pick(20)}`),
          predicate('event.n', 'gte', pick(140)),
          predicate('event.text', 'contains', 'zx'.slice(pick(2))),
          {
            match: 'all' as const,
            rules: [predicate('event.a', 'eq', `v${pick(20)}`), predicate('event.n', 'lt', pick(140))],
          },
        ][pick(4)]!,
      });
    const rules = new Map(Array.from({ length: 1500 }, (_, n) => [`r${n}`, rule(`r${n}`)]));
    const index = new RuleIndex();
    for (const one of rules.values()) index.put(one);
    outcomes(index);
    for (let round = 0; round < 300; round += 1) {
      const id = `r${pick(1600)}`;
      if (random() < 0.3) {
        rules.delete(id);
        index.remove(id);
      } else {
        rules.set(id, rule(id));
        index.put(rules.get(id)!);
      }
      // One step of whatever is being built.
      index.maintain(() => true);
      if (round % 50 !== 0) continue;
      const anew = new RuleIndex();
      for (const one of rules.values()) anew.put(one);
      expect(outcomes(index)).toEqual(outcomes(anew));
    }
  });

  it('is not built anew by the event after each edit', () => {
    const index = new RuleIndex();
    for (let n = 0; n < 20_000; n += 1) {
      index.put(aRule({ id: `r${n}`, conditions: predicate('event.a', 'eq', `v${n % 500}`) }));
    }
    outcomes(index);
    const since = performance.now();
    for (let n = 0; n < 200; n += 1) {
      index.put(aRule({ id: `r${n}`, conditions: predicate('event.a', 'eq', 'edited') }));
      index.match(trigger, contexts[0]!);
    }
    expect(performance.now() - since).toBeLessThan(2000);
  });
});

describe('matching in steps', () => {
  it('comes to the same as matching in one go, and goes on with the rules it began with', () => {
    const index = new RuleIndex();
    for (let n = 0; n < 30; n += 1) {
      const part = 'xyz'.repeat(n);
      index.put(aRule({ id: `r${n}`, priority: 30 - n, conditions: predicate('event.text', 'contains', part) }));
    }
    const context = contexts[10]!;
    const wanted = index.match(trigger, context);
    const task = index.begin(trigger, context);
    let steps = 0;
    const seen = new Set<string | undefined>();
    while (!task.run(() => true)) {
      steps += 1;
      seen.add(task.current?.id);
      index.remove(`r${steps}`);
    }
    expect(steps).toBeGreaterThan(20);
    expect(seen.size).toBe(steps);
    expect(task.current).toBeNull();
    expect(task.result()).toEqual(wanted);
  });
});
