/** The rules of the matching measures: a symbol and a least volume, as brokers write them; 1 % of a brand's rules match an event. */
import type { Rule, RuleAction } from '#libs/domain/rules/rule.ts';

export interface BenchRule {
  id: string;
  brand: string;
  symbol: string;
  minimumVolume: number;
}

/** Volume of every event: 10 lots. */
const passed = 1000;

export const brands = Array.from({ length: 10 }, (_, n) => `brand-${n}`);
const symbols = Array.from({ length: 20 }, (_, n) => `SYM${n}`);

/**
 * `count` rules, spread evenly over brands and symbols; the least volumes of one brand and symbol all differ. Of five
 * of them an event passes one: 1/20 × 1/5 = 1 %.
 */
export function benchRules(count: number): BenchRule[] {
  return Array.from({ length: count }, (_, n) => ({
    id: `rule-${n}`,
    brand: brands[n % brands.length] ?? '',
    symbol: symbols[Math.floor(n / brands.length) % symbols.length] ?? '',
    minimumVolume: leastVolume(Math.floor(n / (brands.length * symbols.length))),
  }));
}

function leastVolume(n: number): number {
  return n % 5 === 0 ? passed - n : passed + 100 * n;
}

/** The n-th event: brands and symbols in turn. */
export function benchTrade(n: number): { brand: string; symbol: string; volume: number } {
  return {
    brand: brands[n % brands.length] ?? '',
    symbol: symbols[Math.floor(n / brands.length) % symbols.length] ?? '',
    volume: passed,
  };
}

export function toRule({ id, brand, symbol, minimumVolume }: BenchRule): Rule {
  return {
    ...benchRule(id, 'trade.opened', [{ type: 'notify.manager', params: {} }]),
    brand,
    conditions: {
      match: 'all',
      rules: [
        { field: 'trade.symbol', operator: 'eq', value: symbol },
        { field: 'trade.volume', operator: 'gte', value: minimumVolume },
      ],
    },
  };
}

/** An active rule of no brand whose conditions always pass. */
export function benchRule(id: string, trigger: string, actions: RuleAction[]): Rule {
  const now = '2026-01-01T00:00:00.000Z';
  return {
    id,
    name: id,
    description: '',
    brand: null,
    trigger_event: trigger,
    conditions: { match: 'all', rules: [] },
    actions,
    priority: 100,
    stop_after: false,
    status: 'active',
    version: 1,
    created_at: now,
    updated_at: now,
    archived_at: null,
    created_by: 'bench',
    updated_by: 'bench',
  };
}
