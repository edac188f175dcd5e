import { describe, expect, it } from 'vitest';
import { readFileValue } from './file-value.ts';

const maxBytes = 1000;

function read(value: unknown) {
  const problems: string[] = [];
  const draft = readFileValue(value, maxBytes, (member, code, message) =>
    problems.push(`${code} ${member}: ${message}`),
  );
  return { draft, problems };
}

const encoded = (bytes: number) => Buffer.alloc(bytes, 'x').toString('base64');

describe('a file', () => {
  it('R-236 R-238 has content with what is said of it', () => {
    const value = {
      name: 'contract.txt',
      contentType: 'text/plain; charset=utf-8',
      content: 'SGVsbG8=',
      size: 5,
      description: 'Signed',
      updatedAt: '2026-11-20T11:00:00+01:00',
    };
    expect(read(value)).toEqual({
      problems: [],
      draft: {
        name: 'contract.txt',
        contentType: 'text/plain; charset=utf-8',
        description: 'Signed',
        updatedAt: '2026-11-20T10:00:00.000Z',
        size: 5,
        source: { content: Buffer.from('Hello') },
      },
    });
  });

  it('R-238 has an address instead of content', () => {
    expect(read({ url: 'file:///data/in/c2.pdf' })).toEqual({
      problems: [],
      draft: {
        name: null,
        contentType: 'application/octet-stream',
        description: null,
        updatedAt: null,
        size: null,
        source: { url: 'file:///data/in/c2.pdf' },
      },
    });
  });

  it('may be empty, and say null for what is not given', () => {
    const all = {
      content: '',
      name: 'a',
      contentType: null,
      description: null,
      size: null,
      updatedAt: null,
      upload: null,
      url: null,
    };
    expect(read(all).draft).toMatchObject({ name: 'a', source: { content: { length: 0 } } });
  });

  it('R-241 has either content or url', () => {
    const both = { name: 'a', content: 'SGVsbG8=', url: 'file:///a' };
    for (const value of [both, { name: 'a' }, { name: 'a', content: null }])
      expect(read(value)).toEqual({
        draft: null,
        problems: ['invalid_input : must have exactly one of content and url'],
      });
  });

  it('R-241 has no upload', () => {
    for (const upload of [{}, '', 'x', 0, false])
      expect(read({ name: 'a', upload })).toEqual({
        draft: null,
        problems: ['invalid_parameter .upload: has an upload, which JSON cannot hold: give content or url'],
      });
    expect(read({ name: 'a', content: '', upload: 'x' }).draft).toBeNull();
  });

  it('R-241 is as long as its size says', () => {
    expect(read({ name: 'a', content: 'SGVsbG8=', size: 6 })).toEqual({
      draft: null,
      problems: ['invalid_parameter .size: must have a size of 5, which its content has'],
    });
    for (const size of [-1, 1.5, '5', 2 ** 53])
      expect(read({ name: 'a', content: 'SGVsbG8=', size }).problems).toEqual([
        'invalid_input .size: must have a whole number of bytes as size',
      ]);
  });

  it('R-241 is no longer than it may be', () => {
    expect(read({ name: 'a', content: encoded(maxBytes) }).draft).not.toBeNull();
    // Written with as many characters as the longest one.
    expect(encoded(maxBytes + 1).length).toBe(encoded(maxBytes).length);
    // What is too long is not looked at.
    expect(read({ name: 'a', content: '!'.repeat(2 * maxBytes) }).problems).toEqual([
      expect.stringMatching(/^invalid_parameter \.content: must hold at most/),
    ]);
    for (const bytes of [maxBytes + 1, maxBytes + 3, 10 * maxBytes])
      expect(read({ name: 'a', content: encoded(bytes) })).toEqual({
        draft: null,
        problems: ['invalid_parameter .content: must hold at most 1000 bytes (HOOKS_MAX_FILE_BYTES)'],
      });
  });

  it.each([
    'SGVsbG8',
    'SGVsbG8==',
    'SGVs bG8=',
    'SGVsbG8=\n',
    'SGVs\r\nbG8=',
    '_-8=',
    'SGVsbG9=',
    '=',
    'SGVsbG8=SGVsbG8=',
    'data:text/plain;base64,SGVsbG8=',
    'é',
    5,
    ['SGVsbG8='],
  ])('R-238 has no content like %j', (content) => {
    const { draft, problems } = read({ name: 'a', content });
    expect(draft).toBeNull();
    expect(problems).toEqual([expect.stringMatching(/^invalid_input \.content: must have Base64 as content/)]);
  });

  it('R-239 refuses a file url that does not begin with file://', () => {
    for (const url of ['https://example.com/a', 'FILE:///a', 'file:/a', ' file:///a', '/a', '', '\\\\host\\a'])
      expect(read({ url })).toEqual({
        draft: null,
        problems: ['invalid_parameter .url: must have a url that begins with file://'],
      });
    for (const url of [5, {}, `file:///${'a'.repeat(5000)}`])
      expect(read({ url }).problems).toEqual([expect.stringMatching(/^invalid_input \.url/)]);
  });

  it.each(['', '.', '..', 'a/b', 'a\\b', 'a\nb', 'a\0', '\ud83d', 'gpj.\u202eexe', 'a'.repeat(256), 5, {}])(
    'has no name like %j',
    (name) => {
      const { draft, problems } = read({ name, content: '' });
      expect(draft).toBeNull();
      expect(problems).toEqual([expect.stringMatching(/^invalid_input \.name/)]);
    },
  );

  it('has a name where it has content', () => {
    expect(read({ content: '' }).problems).toEqual(['invalid_input .name: must have a name beside its content']);
  });

  it.each([
    'text',
    'text/',
    '/plain',
    'text/plain\r\nX: y',
    'text/plain;',
    'text/ plain',
    'text/html; a="b\nc"',
    'é/é',
    5,
  ])('has no media type like %j', (contentType) => {
    expect(read({ name: 'a', content: '', contentType }).problems).toEqual([
      'invalid_input .contentType: must have a media type as contentType',
    ]);
  });

  it.each([
    ['description', 5],
    ['description', 'a\0'],
    ['description', 'a'.repeat(2001)],
    ['updatedAt', 'yesterday'],
    ['updatedAt', 5],
  ])('has no %s like %j', (member, value) => {
    const { draft, problems } = read({ name: 'a', content: '', [member]: value });
    expect(draft).toBeNull();
    expect(problems).toEqual([expect.stringMatching(new RegExp(`^invalid_input \\.${member}`))]);
  });

  it('is an object with nothing else in it', () => {
    for (const value of ['SGVsbG8=', [], 5])
      expect(read(value).problems).toEqual(['invalid_input : must have an object as fileValue']);
    expect(read({ name: 'a', content: '', file_id: 'x' }).draft).toBeNull();
  });

  it('has all its problems told at once', () => {
    expect(read({ name: '/', content: '!', size: -1, contentType: '', updatedAt: '' }).problems).toHaveLength(5);
  });
});
