import { describe, expect, it } from 'vitest';
import { showMessage } from './shown-message.ts';

const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64');
const shown = (value: string | Buffer) => showMessage({ key: null, value: base64(value), headers: [] }).payload;

describe('what is shown of a message', () => {
  it('is masked, as JSON and as text that is none', () => {
    for (const text of ['{"id":"e-1","password":"hunter2-and-more"}', '{"id":"e-1","password":"hunter2-and-more"']) {
      const { text: told } = shown(text);
      expect(told).toContain('e-1');
      expect(told).not.toContain('hunter2');
    }
  });

  it('is its beginning, however long and deep it is', () => {
    expect(shown(JSON.stringify({ text: 'word '.repeat(300_000) })).text.length).toBeLessThan(25_000);
    expect(shown(`${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`).text.length).toBeLessThan(25_000);
  });

  it('is nothing of bytes that are no text', () => {
    expect(shown(Buffer.from([0xff, 0xfe]))).toEqual({ kind: 'binary', text: '' });
    expect(shown('a\0b')).toEqual({ kind: 'binary', text: '' });
    expect(showMessage({ key: null, value: null, headers: [] })).toEqual({
      key: null,
      payload: { kind: 'none', text: '' },
      headers: [],
    });
  });

  it('has keys and headers, an empty key too, and no secret header', () => {
    const headers: [string, string[]][] = [
      ['authorization', [base64('Bearer abcdefghijklmnop')]],
      ['trace', [base64('a'), base64('b')]],
      ['bytes', [base64(Buffer.from([0xff]))]],
    ];
    const told = showMessage({ key: base64(''), value: null, headers });
    expect(told.key).toBe('');
    expect(JSON.stringify(told.headers)).not.toContain('abcdefgh');
    expect(told.headers.slice(1)).toEqual([
      { name: 'trace', value: 'a, b' },
      { name: 'bytes', value: '(1 bytes)' },
    ]);
  });
});
