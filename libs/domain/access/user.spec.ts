import { describe, expect, it } from 'vitest';
import { maxUserIdLength, userIdIssue } from './user.ts';

describe('the name of a person', () => {
  it.each([
    'ann',
    'Ann Other',
    'ann@example.com',
    'systematic',
    '\u0410\u043d\u043d\u0430',
    'x'.repeat(maxUserIdLength),
  ])('may be %s', (name) => {
    expect(userIdIssue(name)).toBeNull();
  });

  it.each([
    ['', 'empty'],
    ['  ', 'empty'],
    ['\u3000', 'empty'],
    ['ann ', 'blank'],
    ['\u00a0ann', 'blank'],
    ['\u200b', 'seen'],
    ['an\u200bn', 'seen'],
    ['ann\u2060', 'seen'],
    ['ann\u202e', 'seen'],
    ['\u3164', 'seen'],
    ['two\nlines', 'seen'],
    ['\ud800', 'seen'],
    ['system', 'system'],
    ['SYSTEM', 'system'],
    ['\uff53ystem', 'system'],
    ['machine:0123456789abcdef', 'API key'],
    ['x'.repeat(maxUserIdLength + 1), '200'],
  ])('must not be %j', (name, why) => {
    expect(userIdIssue(name)).toContain(why);
  });
});
