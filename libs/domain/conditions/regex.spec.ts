import { describe, expect, it } from 'vitest';
import { patternFaults, type PatternFault } from '../errors/problem-codes.ts';
import { compileRegex, regexLimits, type RegexError } from './regex.ts';

/** A pattern for each fault, with the part that is wrong. */
const faulty: Record<PatternFault, [pattern: string, part?: string]> = {
  too_long: ['a'.repeat(regexLimits.patternLength + 1)],
  too_expensive: ['.{0,900}'],
  missing_parenthesis: ['a(b', 'a(b'],
  missing_bracket: ['[a', '[a'],
  unexpected_parenthesis: ['a)b', 'a)b'],
  duplicate_group: ['(?P<n>a)(?P<n>b)', 'n'],
  invalid_group_name: ['(?P<n-m>a)', '(?P<n-m>'],
  invalid_class: ['[z-a]', 'z-a'],
  invalid_escape: ['\\q', '\\q'],
  unsupported_group: ['(?=a)', '(?='],
  nothing_to_repeat: ['*a', '*'],
  invalid_repetition: ['a**', '**'],
  invalid_count: ['a{3,2}', '{3,2}'],
  trailing_backslash: ['a\\'],
};

const faultOf = (pattern: string): RegexError['params'] | null => {
  try {
    compileRegex(pattern, false);
    return null;
  } catch (error) {
    return (error as RegexError).params;
  }
};

describe('a pattern that cannot be used', () => {
  it.each(Object.entries(faulty))('says by a code that it is %s, and where', (fault, [pattern, part]) => {
    expect(faultOf(pattern)).toMatchObject({ fault, ...(part !== undefined && { part }) });
  });

  it('has a code for each of its faults', () => {
    expect(Object.keys(faulty).sort()).toEqual([...patternFaults].sort());
  });

  it('tells how long it is, and how long it may be', () => {
    const { patternLength: max } = regexLimits;
    expect(faultOf('a'.repeat(max + 1))).toEqual({ fault: 'too_long', count: max + 1, max });
  });

  it('is none where it can be used', () => {
    expect(faultOf('^(a|b)+$')).toBeNull();
  });
});
