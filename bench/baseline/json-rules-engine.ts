/** The usual way to evaluate JSON rules in Node: json-rules-engine, one engine per brand. */
import { Engine } from 'json-rules-engine';
import type { BenchRule } from '../rules.ts';

/** @returns a function that matches one event and gives the number of rules that fired */
export function createJsonRulesEngines(rules: BenchRule[]): (facts: Record<string, unknown>) => Promise<number> {
  const engines = new Map<string, Engine>();
  for (const rule of rules) {
    let engine = engines.get(rule.brand);
    if (engine === undefined) {
      engine = new Engine([], { allowUndefinedFacts: true });
      engines.set(rule.brand, engine);
    }
    engine.addRule({
      name: rule.id,
      conditions: {
        all: [
          { fact: 'trade', path: '$.symbol', operator: 'equal', value: rule.symbol },
          { fact: 'trade', path: '$.volume', operator: 'greaterThanInclusive', value: rule.minimumVolume },
        ],
      },
      event: { type: rule.id },
    });
  }
  return async (facts) => {
    const engine = engines.get(String(facts['brand']));
    if (engine === undefined) return 0;
    const { events } = await engine.run(facts);
    return events.length;
  };
}
