import { describe, expect, it } from 'vitest';
import { buildExcerpt } from './response-excerpt.ts';

const request = {
  url: 'https://receiver.example/in/9f8e7d6c5b4a/?token=plainvalue42',
  headers: { 'X-Api-Key': 'headervalue42', Authorization: 'Custom schemevalue42', Accept: 'text/plain' },
};

describe('the excerpt of an answer', () => {
  it('R-092 leaves out the secrets of the request it answers, whatever they look like', () => {
    const echo = 'bad: plainvalue42 headervalue42 schemevalue42 text/plain';
    expect(buildExcerpt(echo, request)).toBe('bad: *** *** *** text/plain');
  });

  it('R-092 masks secrets of its own', () => {
    expect(buildExcerpt('{"access_token":"abcdefgh"}', request)).toBe('{"access_token":"***gh"}');
  });

  it('is one short line', () => {
    expect(buildExcerpt(' a\r\n\tb\u0000\u001b[31mc ', request)).toBe('a b [31mc');
    expect(buildExcerpt('x'.repeat(5000), request)).toBe(`${'x'.repeat(199)}…`);
    expect(buildExcerpt('', request)).toBe('');
  });
});
