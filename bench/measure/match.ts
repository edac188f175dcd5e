/** How fast events are matched: one process, no servers. */
import { RuleIndex } from '#libs/domain/matching/rule-index.ts';
import { createJsonRulesEngines } from '../baseline/json-rules-engine.ts';
import { benchRules, benchTrade, toRule } from '../rules.ts';
import type { Figures } from '../figures.ts';
import { median } from '../wait.ts';

const events = Array.from({ length: 2_000 }, (_, n) => benchTrade(n));
const secondsPerRound = 1;
const rounds = 5;

/** Rounds of the three contestants in turn, so that a machine that changes its speed changes it for all. */
export async function measureMatching(): Promise<Figures> {
  const small = matcher(1_000);
  const large = matcher(10_000);
  const engines = createJsonRulesEngines(benchRules(1_000));
  checkSameOutcome(small, await engines(factsOf(0)));

  const ratios: number[] = [];
  const growth: number[] = [];
  const rates: Record<'small' | 'large' | 'engines', number[]> = { small: [], large: [], engines: [] };
  for (let round = 0; round < rounds; round += 1) {
    const smallRate = rate(small);
    const engineRate = await rateAsync(engines);
    const largeRate = rate(large);
    rates.small.push(smallRate);
    rates.large.push(largeRate);
    rates.engines.push(engineRate);
    ratios.push(smallRate / engineRate);
    growth.push(largeRate / smallRate);
  }
  return {
    ratios: { match_ratio_1k: median(ratios), match_10k_over_1k: median(growth) },
    details: {
      'events/s, 1,000 rules': median(rates.small),
      'events/s, 10,000 rules': median(rates.large),
      'events/s, json-rules-engine, 1,000 rules': median(rates.engines),
    },
  };
}

function matcher(count: number): (n: number) => number {
  const index = new RuleIndex();
  for (const rule of benchRules(count)) index.put(toRule(rule));
  return (n) => {
    const { brand, symbol, volume } = events[n % events.length] ?? benchTrade(n);
    const record = { login: 1, cmd: 'OP_BUY', symbol, volume };
    return index.match('trade.opened', { brand, event: record, trade: record }).matched.length;
  };
}

/** A contest between two programs that do not do the same would say nothing. */
function checkSameOutcome(match: (n: number) => number, byEngine: number): void {
  const ours = match(0);
  if (ours !== byEngine || ours === 0) throw new Error(`matched ${ours} rules, json-rules-engine ${byEngine}`);
}

function factsOf(n: number): Record<string, unknown> {
  const { brand, symbol, volume } = events[n % events.length] ?? benchTrade(n);
  return { brand, trade: { login: 1, cmd: 'OP_BUY', symbol, volume } };
}

function rate(match: (n: number) => number): number {
  const from = performance.now();
  let n = 0;
  do {
    for (const stop = n + 1_000; n < stop; n += 1) match(n);
  } while (performance.now() - from < secondsPerRound * 1000);
  return (n / (performance.now() - from)) * 1000;
}

async function rateAsync(match: (facts: Record<string, unknown>) => Promise<number>): Promise<number> {
  const from = performance.now();
  let n = 0;
  do {
    for (const stop = n + 100; n < stop; n += 1) await match(factsOf(n));
  } while (performance.now() - from < secondsPerRound * 1000);
  return (n / (performance.now() - from)) * 1000;
}
