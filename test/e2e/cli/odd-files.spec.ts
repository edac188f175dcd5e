/** Whatever files people give: what is stored is what they say, or nothing is stored and the place is told. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { createDirectory, type Directory } from '#libs/store/directory/directory.ts';
import { createRuleRepository } from '#libs/store/rules/rule.repository.ts';
import { runCli } from '../../../apps/cli/run-cli.ts';
import { Random } from '../../support/mutated/random.ts';
import { ruleDefinition } from '../../support/rules.ts';
import { openTestStore, type TestStore } from '../../support/store.ts';

/** A failure is had again by its seed, which the title names. */
const seed = Number(process.env['ODD_SEED'] ?? Math.floor(Math.random() * 2 ** 32));
const count = Number(process.env['ODD_COUNT'] ?? 120);
/** In milliseconds: what ends later has no bound. */
const longest = 60_000;

const texts = [
  '',
  ' ',
  '\u200b',
  'a\0b',
  '\ud800',
  'a\udc00b',
  '\u202eright to left',
  '\u0007\u001b[31m',
  'x'.repeat(10_000),
  '__proto__',
  '$set',
  'a.b',
  'yes',
  'on',
  '~',
  'null',
  '0x10',
  '0o17',
  '017',
  '1:30',
  '2001-01-01',
  '-0',
  '.inf',
  '1e400',
  '9007199254740993',
  '<<',
  '*a',
  '&a',
  '!!binary aGk=',
  'a\r\nb',
  '\ufeffa',
  'e\u0301',
];
const names = [
  '__proto__',
  'constructor',
  'toString',
  '$set',
  '$where',
  'a.b',
  '',
  ' ',
  '\u200b',
  'a\0b',
  '\ud800',
  'x'.repeat(10_000),
  '<<',
  '1',
];
const others: unknown[] = [
  null,
  true,
  0,
  -0,
  -1,
  1e-7,
  1.5,
  2 ** 53 - 1,
  2 ** 53,
  [],
  {},
  [[]],
  [null],
  { a: { b: [] } },
];

let store: TestStore;
let directory: Directory;
beforeAll(async () => {
  store = await openTestStore();
  directory = createDirectory(store.connection);
});
afterAll(() => store.drop());

interface Ended {
  code: number;
  said: string;
}

async function apply(what: 'rules' | 'directory', input: Buffer): Promise<Ended> {
  let said = '';
  const write = (text: string): void => void (said += `${text}\n`);
  const terminal = { out: () => undefined, note: write, readInput: () => Promise.resolve(input) };
  const started = Date.now();
  const code = await runCli([what, 'apply', '-f', '-', '--by', 'alice'], { MONGODB_URI: store.uri }, terminal);
  expect(Date.now() - started).toBeLessThan(longest);
  return { code, said };
}

function oddValue(random: Random): unknown {
  if (random.happens(0.6)) return random.pick(texts);
  if (random.happens(0.7)) return random.pick(others);
  return member({}, random.pick(names), random.pick(texts));
}

/** `__proto__` too becomes a member of its own. */
function member(object: object, name: string, value: unknown): object {
  return Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}

/** As JSON or as YAML, with marks and line ends of other systems. */
function written(content: unknown, random: Random): Buffer {
  const text = random.happens(0.5) ? JSON.stringify(content) : `# YAML\n${stringify(content, { lineWidth: 0 })}`;
  return Buffer.from(random.happens(0.2) ? `\ufeff${text}` : text);
}

/** The value as JSON: -0 is 0 there. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

function expectKept(stored: unknown, given: object): void {
  expect(plain(stored), JSON.stringify(given).slice(0, 400)).toMatchObject(plain(given) as object);
}

function expectRefusal({ code, said }: Ended, given: unknown, stored: unknown, before: unknown): void {
  expect(stored).toEqual(before);
  expect(code, `${JSON.stringify(given).slice(0, 400)}\n${said}`).toBe(1);
  expect(said).not.toMatch(/\n\s+at /);
  expect(said.slice(0, 2000)).toMatch(/^(?:warning: .*\n)*\(stdin\)(?: \(document \d\))?: /);
}

const fields = {
  groups: ['name', 'brand'],
  accounts: ['login', 'group', 'name', 'country', 'frozen_reason', 'note'],
  customers: ['id', 'country', 'email', 'risk_level', 'brand', 'note'],
  managers: ['id', 'name', 'email'],
  statuses: ['id', 'type', 'code', 'label'],
} as const;
type Kind = keyof typeof fields;

it(`stores directory files as they are, or tells what is wrong (ODD_SEED=${seed})`, async () => {
  const random = new Random(seed);
  const ends = new Set<number>();
  for (let made = 1; made <= count; made += 1) {
    const kind = random.pick(Object.keys(fields) as Kind[]);
    const records = {
      groups: { name: `g-${made}`, brand: null },
      accounts: { login: made, group: 'g' },
      customers: { id: `C-${made}` },
      managers: { id: made, name: 'Mia' },
      statuses: { id: made, type: 'sales', code: `c-${made}` },
    };
    const record: object = records[kind];
    const name = random.happens(0.4) ? random.pick<string>(fields[kind]) : random.pick(names);
    member(record, name, oddValue(random));
    const before = await directory.listAll(kind);
    const ended = await apply('directory', written({ [kind]: [record] }, random));
    const after = await directory.listAll(kind);
    ends.add(ended.code);
    if (ended.code !== 0) {
      expectRefusal(ended, record, after, before);
      continue;
    }
    // It may have the key of one before it, and then takes its place.
    expect(after.length - before.length).toBeLessThanOrEqual(1);
    const told = Object.entries(plain(record) as object).filter(([, value]) => value !== null);
    const what = `${kind} ${JSON.stringify(record).slice(0, 400)}`;
    expect(plain(after), what).toContainEqual(expect.objectContaining(Object.fromEntries(told)));
  }
  expect(ends).toEqual(new Set([0, 1]));
});

it(`stores rule files as they are, or tells what is wrong (ODD_SEED=${seed})`, async () => {
  const random = new Random(seed);
  const rules = createRuleRepository(store.connection);
  const ends = new Set<number>();
  for (let made = 1; made <= count; made += 1) {
    const id = `odd-${made}`;
    const rule: object = { id, ...ruleDefinition({ name: `Odd ${made}`, status: 'draft' }) };
    const value = oddValue(random);
    const place = random.below(4);
    if (place === 0)
      member(rule, random.pick(['name', 'description', 'brand', 'trigger_event', 'priority', ...names]), value);
    if (place === 1) member(rule, 'conditions', { field: 'event.note', operator: 'eq', value });
    if (place === 2) member(rule, 'actions', [{ type: 'notify.manager', params: { title: value } }]);
    if (place === 3)
      member(rule, 'actions', [{ type: 'notify.manager', params: member({ title: 'a' }, random.pick(names), value) }]);
    const ended = await apply('rules', written(rule, random));
    const stored = await rules.get(id);
    ends.add(ended.code);
    if (ended.code === 0) expectKept(stored, rule);
    else expectRefusal(ended, rule, stored, null);
  }
  expect(ends).toEqual(new Set([0, 1]));
});

/** Numbers as a person may write them in YAML, and what they are as JSON; undefined: no number that may be kept. */
const spelled: [string, unknown][] = [
  ['10', 10],
  ['-0', 0],
  ['1.50', 1.5],
  ['1e3', 1000],
  ['0x10', 16],
  ['0o17', 15],
  ['017', 17],
  ['1_000', '1_000'],
  ['yes', 'yes'],
  ['no', 'no'],
  ['on', 'on'],
  ['2001-01-01', '2001-01-01'],
  ['1:30', '1:30'],
  ['true', true],
  ['9007199254740991', 2 ** 53 - 1],
  ['9007199254740993', undefined],
  ['-9007199254740993', undefined],
  ['1e400', undefined],
  ['.inf', undefined],
  ['.nan', undefined],
];

/** Ways in which the bytes of a file may be odd; of those that cannot be read nothing may be stored. */
const disguises: ((text: string) => { bytes: Buffer; isReadable: boolean })[] = [
  (text) => ({ bytes: Buffer.from(text), isReadable: true }),
  (text) => ({ bytes: Buffer.from(`\ufeff${text}`), isReadable: true }),
  (text) => ({ bytes: Buffer.from(text.replaceAll('\n', '\r\n')), isReadable: true }),
  (text) => ({ bytes: Buffer.from(`---\n${text}...\n`), isReadable: true }),
  (text) => ({ bytes: Buffer.from(`# größer\n${text}`, 'latin1'), isReadable: false }),
  (text) => ({ bytes: Buffer.from(text, 'utf16le'), isReadable: false }),
  (text) => ({ bytes: Buffer.from(`\ufeff${text}`, 'utf16le'), isReadable: false }),
  (text) => ({ bytes: Buffer.from(`${text}name: Another\n`), isReadable: false }),
  (text) => ({ bytes: Buffer.from(text.replace('\n', '\n\t')), isReadable: false }),
  (text) => ({ bytes: Buffer.from(`${text}---\n- no rule\n`), isReadable: false }),
  (text) => ({ bytes: Buffer.from(`${text}tags: ${aliasBomb()}\n`), isReadable: false }),
  (text) => ({ bytes: Buffer.from(text).subarray(0, -3), isReadable: false }),
];

/** Ten levels, each of ten references to the one before: it would unfold to ten thousand million texts. */
function aliasBomb(): string {
  const levels = Array.from({ length: 10 }, (_, n) => {
    const of = n === 0 ? '"a"' : `*l${n - 1}`;
    return `&l${n} [${Array.from({ length: 10 }, () => of).join(', ')}]`;
  });
  return `[${levels.join(', ')}]`;
}

it(`stores rule files of any encoding and spelling as they are, or tells what is wrong (ODD_SEED=${seed})`, async () => {
  const random = new Random(seed);
  const rules = createRuleRepository(store.connection);
  for (let made = 1; made <= count; made += 1) {
    const id = `spelled-${made}`;
    const [number, meant] = random.pick(spelled);
    const text = [
      `id: ${id}`,
      `name: Spelled ${made}`,
      'status: draft',
      'trigger_event: customer.deposited',
      'conditions: {field: event.note, operator: eq, value: ' + number + '}',
      'actions: [{type: notify.manager, params: {title: "a]}"}}]',
      '',
    ].join('\n');
    const { bytes, isReadable } = random.pick(disguises)(text);
    const ended = await apply('rules', bytes);
    const stored = await rules.get(id);
    const what = `${JSON.stringify(bytes.toString('latin1')).slice(0, 600)}\n${ended.said.slice(0, 600)}`;
    if (!isReadable || meant === undefined) {
      expectRefusal(ended, text, stored, null);
      continue;
    }
    expect(ended.code, what).toBe(0);
    const conditions = { field: 'event.note', operator: 'eq', value: meant };
    expect(plain(stored), what).toMatchObject({ conditions });
  }
});
