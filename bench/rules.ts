/** The rules of the matching measures: a symbol and a least volume, as brokers write them; 1 % of a brand's rules match an event. */
import type { Rule, RuleAction } from '#libs/domain/rule.ts';

export interface BenchRule {
  id: string;
  brand: string;
  symbol: string;
  minimumVolume: number;
}

export const brands = Array.from({ length: 10 }, (_, n) => `brand-${n}`);
const symbols = Array.from({ length: 20 }, (_, n) => `SYM${n}`);
/** Of five rules for one symbol an event with volume 100 passes one: 1/20 × 1/5 = 1 %. */
const volumes = [100, 1000, 2000, 3000, 4000];

/** `count` rules, spread evenly over the brands, symbols and volumes. */
export function benchRules(count: number): BenchRule[] {
  return Array.from({ length: count }, (_, n) => ({
    id: `rule-${n}`,
    brand: brands[n % brands.length] ?? '',
    symbol: symbols[Math.floor(n / brands.length) % symbols.length] ?? '',
    minimumVolume: volumes[Math.floor(n / (brands.length * symbols.length)) % volumes.length] ?? 0,
  }));
}

/** The n-th event: brands and symbols in turn. */
export function benchTrade(n: number): { brand: string; symbol: string; volume: number } {
  return {
    brand: brands[n % brands.length] ?? '',
    symbol: symbols[Math.floor(n / brands.length) % symbols.length] ?? '',
    volume: 100,
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
