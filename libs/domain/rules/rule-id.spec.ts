import { describe, expect, it } from 'vitest';
import { newRuleId, toRuleId, ruleIdOfRequest } from './rule-id.ts';

describe('ruleIdOf', () => {
  it('gives the same name and brand the same id, and another brand another', () => {
    expect(toRuleId('New depositor onboarding', null)).toMatch(/^new-depositor-onboarding-[0-9a-f]{8}$/);
    expect(toRuleId('New depositor onboarding', null)).toBe(toRuleId('New depositor onboarding', null));
    expect(toRuleId('New depositor onboarding', 'alpha')).not.toBe(toRuleId('New depositor onboarding', null));
  });

  it('tells names apart that give the same letters, and bears names without any', () => {
    expect(toRuleId('Ünique Näme!', null)).toMatch(/^unique-name-[0-9a-f]{8}$/);
    expect(toRuleId('Ünique Näme!', null)).not.toBe(toRuleId('unique name', null));
    expect(toRuleId('规则', null)).toMatch(/^rule-[0-9a-f]{8}$/);
    expect(toRuleId('x'.repeat(200), null)).toHaveLength(64);
  });
});

describe('ids of rules made over HTTP', () => {
  it('differ each time, unless the same request is sent again', () => {
    expect(newRuleId('VIP deposit')).toMatch(/^vip-deposit-[0-9a-f]{16}$/);
    expect(newRuleId('VIP deposit')).not.toBe(newRuleId('VIP deposit'));
    expect(newRuleId('x'.repeat(200))).toHaveLength(64);
    expect(ruleIdOfRequest('ada', 'k1')).toBe(ruleIdOfRequest('ada', 'k1'));
    expect(
      new Set([ruleIdOfRequest('ada', 'k1'), ruleIdOfRequest('bo', 'k1'), ruleIdOfRequest('ada', 'k2')]).size,
    ).toBe(3);
  });
});
