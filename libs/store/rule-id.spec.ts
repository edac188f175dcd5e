import { describe, expect, it } from 'vitest';
import { ruleIdOf } from './rule-id.ts';

describe('ruleIdOf', () => {
  it('gives the same name and brand the same id, and another brand another', () => {
    expect(ruleIdOf('New depositor onboarding', null)).toMatch(/^new-depositor-onboarding-[0-9a-f]{8}$/);
    expect(ruleIdOf('New depositor onboarding', null)).toBe(ruleIdOf('New depositor onboarding', null));
    expect(ruleIdOf('New depositor onboarding', 'alpha')).not.toBe(ruleIdOf('New depositor onboarding', null));
  });

  it('tells names apart that give the same letters, and bears names without any', () => {
    expect(ruleIdOf('Ünique Näme!', null)).toMatch(/^unique-name-[0-9a-f]{8}$/);
    expect(ruleIdOf('Ünique Näme!', null)).not.toBe(ruleIdOf('unique name', null));
    expect(ruleIdOf('规则', null)).toMatch(/^rule-[0-9a-f]{8}$/);
    expect(ruleIdOf('x'.repeat(200), null)).toHaveLength(64);
  });
});
