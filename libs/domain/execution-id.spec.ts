import { describe, expect, it } from 'vitest';
import { executionIdOf } from './execution-id.ts';

describe('executionIdOf', () => {
  it('joins rule and event', () => {
    expect(executionIdOf('r-1', 'trade.push/0/42')).toBe('r-1:trade.push/0/42');
    expect(executionIdOf('r-1', 'x'.repeat(200))).toBe(`r-1:${'x'.repeat(200)}`);
  });

  it('puts the digest of a long event id in its place, always the same and different for each', () => {
    const id = executionIdOf('r-1', 'x'.repeat(201));
    expect(id).toMatch(/^r-1:[0-9a-f]{64}$/);
    expect(executionIdOf('r-1', 'x'.repeat(201))).toBe(id);
    expect(executionIdOf('r-1', `${'x'.repeat(200)}y`)).not.toBe(id);
  });
});
