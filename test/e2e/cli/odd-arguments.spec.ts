/** Whatever people write after `signalbox`: it is executed or refused with a documented exit code, and nothing is changed. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from '../../../apps/cli/run-cli.ts';
import { signalbox } from '../../support/cli.ts';
import { Random } from '../../support/mutated/random.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

/** A failure is had again by its seed, which the title names. */
const seed = Number(process.env['ODD_SEED'] ?? Math.floor(Math.random() * 2 ** 32));
const count = Number(process.env['ODD_COUNT'] ?? 200);
/** In milliseconds: what ends later has no bound. */
const longest = 60_000;
const documented = [0, 1, 2, 3, 64];

/** Commands that need no Temporal and no Kafka, with the options that take a value. */
const commands: [command: string, ...options: string[]][] = [
  ['rules list', 'brand', 'trigger', 'status'],
  ['rules show'],
  ['rules archive', 'by'],
  ['rules delete', 'by'],
  ['rules export', 'brand', 'trigger', 'status'],
  ['rules apply', 'file', 'by'],
  ['rules validate', 'file'],
  ['directory apply', 'file', 'by'],
  ['directory list'],
  ['runs list', 'limit', 'cursor', 'event', 'rule', 'brand', 'status', 'customer', 'from', 'to'],
  ['runs show'],
  ['runs held', 'rule', 'brand', 'limit', 'cursor'],
  ['approvals', 'limit', 'cursor'],
  ['approvals show'],
  ['notifications', 'manager', 'limit'],
  ['notes', 'customer', 'limit'],
  ['tasks', 'customer', 'assignee', 'limit'],
  ['tasks done', 'by'],
  ['managers counters', 'manager'],
  ['audit', 'by', 'target', 'operation', 'brand', 'limit'],
  ['events waiting', 'state', 'limit'],
  ['events retry', 'by'],
  ['subscriptions create', 'type', 'rule', 'brand', 'format', 'by'],
  ['subscriptions list', 'limit', 'cursor'],
  ['subscriptions update', 'name', 'url', 'type', 'rule', 'brand', 'format', 'by'],
  ['subscriptions rotate', 'by'],
  ['subscriptions attempts', 'event', 'run', 'outcome', 'limit', 'cursor'],
  ['subscriptions pending', 'limit', 'cursor'],
  ['subscriptions resend', 'by'],
  ['subscriptions redeliver', 'since', 'after', 'until', 'by'],
];
const values = [
  '',
  ' ',
  '\u200b',
  'a\0b',
  '\ud800',
  '\u202eright to left',
  '\u0007\u001b[31m',
  'x'.repeat(10_000),
  '__proto__',
  'constructor',
  '$set',
  '{"$gt":""}',
  'a.b',
  '-',
  '--',
  '-1',
  '-0',
  '0',
  '1',
  '1e400',
  '0x10',
  '010',
  '9007199254740993',
  'NaN',
  '٣',
  'null',
  '../../etc/passwd',
  '/',
  '/dev/null',
  '2026-02-30T00:00:00Z',
  'eyJhIjoxfQ==',
  'bnVsbA',
];

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.drop());

function oddArguments(random: Random): string[] {
  const [command, ...options] = random.pick(commands);
  const args = command.split(' ');
  while (random.happens(0.6)) {
    const value = random.pick(values);
    if (options.length === 0 || random.happens(0.3)) args.push(value);
    else args.push(`--${random.happens(0.9) ? random.pick(options) : value}${random.happens(0.9) ? `=${value}` : ''}`);
  }
  if (random.happens(0.2)) args.splice(random.below(args.length + 1), 0, random.pick(values));
  return args;
}

function expectEnd(args: string[], code: number | null, said: string): void {
  const shown = `${JSON.stringify(args).slice(0, 400)}\n${said.slice(0, 3000)}`;
  expect(documented, shown).toContain(code);
  expect(code, shown).not.toBe(3);
  expect(said, shown).not.toMatch(/\n\s+at .*:\d+:\d+/);
  const isTold = (code !== 1 && code !== 64) || /^signalbox: \S/m.test(said);
  expect(isTold, shown).toBe(true);
}

it(`carries odd arguments out or refuses them, and stores nothing (ODD_SEED=${seed})`, async () => {
  const random = new Random(seed);
  for (let made = 0; made < count; made += 1) {
    const args = oddArguments(random);
    let said = '';
    const note = (text: string): void => void (said += `${text}\n`);
    const terminal = { out: () => undefined, note, readInput: () => Promise.resolve(Buffer.from('')) };
    const started = Date.now();
    expectEnd(args, await runCli(args, { MONGODB_URI: store.uri }, terminal), said);
    expect(Date.now() - started).toBeLessThan(longest);
  }
  // What nothing has been stored in may not be there at all.
  const collections = await store.connection.listCollections();
  // What was refused is noted there, too.
  for (const { name } of collections.filter((one) => !one.name.includes('audit'))) {
    expect(await store.connection.collection(name).find().toArray(), name).toEqual([]);
  }
});

it(`ends as a process likewise (ODD_SEED=${seed})`, async () => {
  const random = new Random(seed);
  for (let made = 0; made < 8; made += 1) {
    // The operating system takes no NUL.
    const args = oddArguments(random).map((arg) => arg.replaceAll('\0', ''));
    const { code, stderr } = await signalbox(store.uri, args);
    expectEnd(args, code, stderr);
  }
});
