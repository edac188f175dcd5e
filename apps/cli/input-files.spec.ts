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
    ({ mistakes }: InvalidError) => mistakes,
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
