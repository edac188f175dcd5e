import { describe, expect, it } from 'vitest';
import type { RuleStatus } from '../rules/rule.ts';
import { chooseProcess, type Process } from './processes.ts';

function process(
  version: number,
  given: { state?: 'active' | 'test'; status?: RuleStatus; name?: string } = {},
): Process {
  const { state = 'active', status = 'active', name = 'SIMPLE' } = given;
  const rule = { id: `rule-${version}`, status, process: { name, version, state, public: true, data: [] } };
  return { number: version, rule: rule as unknown as Process['rule'] };
}

const chosen = (candidates: Process[], query: { version?: number; isTest?: boolean; name?: string } = {}) => {
  const found = chooseProcess(candidates, { isTest: false, ...query });
  return typeof found === 'string' ? found : found.rule.process.version;
};

describe('which process is started', () => {
  it('is the highest version that is active', () => {
    expect(chosen([process(1), process(3, { status: 'inactive' }), process(2), process(4, { state: 'test' })])).toBe(2);
  });

  it('is the version asked for, if it is active', () => {
    expect(chosen([process(1), process(2)], { version: 1 })).toBe(1);
    expect(chosen([process(1), process(2, { status: 'draft' })], { version: 2 })).toBe('not_found');
  });

  it('is one in test state for requests that say so, and for no others', () => {
    const candidates = [process(1), process(2, { state: 'test' })];
    expect(chosen(candidates, { isTest: true })).toBe(2);
    expect(chosen(candidates, { version: 2 })).toBe('not_found');
    expect(chosen(candidates, { version: 1, isTest: true })).toBe('not_found');
  });

  it('is none when two rules are the same version', () => {
    expect(chosen([process(2), process(2)])).toBe('ambiguous');
    expect(chosen([process(1), process(2), process(2)], { version: 1 })).toBe(1);
  });

  it('is none when the name is that of another than the id names', () => {
    expect(chosen([process(1)], { name: 'OTHER' })).toBe('not_found');
    expect(chosen([])).toBe('not_found');
  });
});
