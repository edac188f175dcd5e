import { describe, expect, it } from 'vitest';
import type { InvalidError } from './cli-error.ts';
import type { Terminal } from './command.ts';
import { readInputFiles } from './input-files.ts';

async function read(text: string): Promise<unknown[]> {
  const terminal = { readInput: () => Promise.resolve(Buffer.from(text)) } as Terminal;
  return (await readInputFiles(['-'], terminal)).map(({ content }) => content);
}

const refused = (text: string): Promise<readonly string[]> =>
  read(text).then(
    () => expect.fail('it was read'),
    ({ issues }: InvalidError) => issues,
  );

describe('numbers beyond 2^53', () => {
  const beyond = 'is a number beyond 9007199254740991, which cannot be kept exactly: write it as a text';

  it('are refused with their line in YAML', async () => {
    const text = 'rules:\n  - value: 9007199254740993\n  - value: [1, -9007199254740993, .inf, 1e400, .nan]\n';
    expect(await refused(text)).toEqual([
      `(stdin): line 2, column 12: ${beyond}`,
      `(stdin): line 3, column 16: ${beyond}`,
      `(stdin): line 3, column 35: ${beyond}`,
      `(stdin): line 3, column 41: ${beyond}`,
      '(stdin): line 3, column 48: is no number: write it as a text',
    ]);
  });

  it('are refused with their place in JSON', async () => {
    expect(await refused('{"rules":[{"value":[1,9007199254740993]}]}')).toEqual([
      `(stdin): rules[0].value[1] ${beyond}`,
    ]);
  });

  it('are texts in quotes', async () => {
    expect(await read('a: "9007199254740993"\nb: 9007199254740991\n')).toEqual([
      { a: '9007199254740993', b: 9007199254740991 },
    ]);
    expect(await read('{"a":"9007199254740993"}')).toEqual([{ a: '9007199254740993' }]);
  });
});

describe('YAML that JSON cannot say', () => {
  it('is refused with its line: values of tags, and whole documents of YAML 1.1', async () => {
    const tagged = 'a: !!binary aGk=\nb: [!!timestamp 2001-01-01]\nc: !!set {x}\nd: !!omap [x: 1]\n';
    const text = 'is no text, number, true or false: write it as a text';
    expect(await refused(tagged)).toEqual([
      `(stdin): line 1, column 13: ${text}`,
      `(stdin): line 2, column 17: ${text}`,
      expect.stringContaining('line 3, column 10: tag:yaml.org,2002:set has no counterpart in JSON'),
      expect.stringContaining('line 4, column 11: tag:yaml.org,2002:omap has no counterpart in JSON'),
    ]);
    expect(await refused('%YAML 1.1\n---\na: 2001-01-01\n')).toEqual([`(stdin): line 3, column 4: ${text}`]);
  });

  it('is refused where an alias stands within what it stands for', async () => {
    const within = '*a stands within what it stands for';
    expect(await refused('a: &a [1, *a]\n')).toEqual([`(stdin): line 1, column 11: ${within}`]);
    expect(await refused('a: &a\n  b: { c: *a }\n')).toEqual([`(stdin): line 2, column 11: ${within}`]);
  });

  it('may hold tags and aliases that JSON has a counterpart for', async () => {
    expect(await read('a: !!str 1\nb: &b !!map { c: !!seq [1] }\nd: *b\ne: &b [&b 2, *b]\n')).toEqual([
      { a: '1', b: { c: [1] }, d: { c: [1] }, e: [2, 2] },
    ]);
  });
});

describe('YAML nested deeply', () => {
  const styles: [style: string, text: (depth: number) => string][] = [
    ['brackets', (depth) => '['.repeat(depth) + ']'.repeat(depth)],
    ['braces', (depth) => '{ a: '.repeat(depth) + '1' + ' }'.repeat(depth)],
    ['pairs in brackets', (depth) => '[a: '.repeat(depth) + '1' + ']'.repeat(depth)],
    ['dashes in one line', (depth) => `${'- '.repeat(depth)}a`],
    ['dashes with tabs', (depth) => `${'-\t'.repeat(depth)}a`],
    ['question marks', (depth) => `${'? '.repeat(depth)}a`],
    ['keys', (depth) => Array.from({ length: depth }, (_, level) => `${' '.repeat(level)}a:`).join('\n')],
    ['dashes in lines', (depth) => Array.from({ length: depth }, (_, level) => `${' '.repeat(level)}-`).join('\n')],
    ['keys and dashes', (depth) => Array.from({ length: depth }, (_, level) => `${'  '.repeat(level)}- a:`).join('\n')],
  ];

  /** Wrong at any depth. */
  const notYaml = new Set(['question marks', 'dashes with tabs']);

  it.each(styles)('is refused in one sentence: %s', async (_style, text) => {
    for (const depth of [500, 2000, 10_000]) {
      if (text(depth).length > 5_000_000) continue;
      expect(await refused(`# YAML\n${text(depth)}`)).toEqual([
        '(stdin): is nested too deeply for YAML: write it as JSON',
      ]);
    }
  });

  it.each(styles.filter(([style]) => !notYaml.has(style)))('is read up to 120 levels: %s', async (_s, text) => {
    expect(await read(`# YAML\n${text(120)}`)).toHaveLength(1);
  });

  it('does not count what is beside or in a text', async () => {
    const wide = Array.from({ length: 2000 }, (_, index) => `    - k${index}: [[1], { a: [2] }]`).join('\n');
    expect(await read(`a:\n  b:\n${wide}\nc: |\n  ${'['.repeat(2000)}\nd: "${'[{'.repeat(2000)}"\n`)).toHaveLength(1);
  });
});
