/** Ordinary events, and between them messages in which something is not as it should be. */
import { decodeMessage } from '#libs/contracts/decode-message.ts';
import type { DecodeLimits } from '#libs/contracts/message.ts';
import { rawMessageOf, setMember, type Draft, type JsonRecord, type RawMessage } from './draft.ts';
import { bytesMutations, draftMutations, padded } from './mutations.ts';
import type { Random } from './random.ts';
import { samples, type Theme } from './samples.ts';

/** Accounts that the directory has, for ordinary events only. */
export const ordinaryLogins = Array.from({ length: 20 }, (_, index) => 10_001 + index);
export const ordinaryPrefix = 'ordinary-';
const customerPrefix = 'customer-';

export interface OrdinaryEvent {
  id: string;
  trigger: string;
  amount: number;
  message: RawMessage;
}

export function ordinaryEvent(number: number): OrdinaryEvent {
  const id = `${ordinaryPrefix}${number}`;
  const amount = (number * 37) % 1000;
  const known = ordinaryLogins[number % ordinaryLogins.length]!;
  const theme: Theme = {
    id,
    at: new Date().toISOString(),
    login: known,
    group: 'north-usd',
    customerId: `${customerPrefix}${number % 50}`,
    brand: 'north',
    amount,
    note: `note ${number}`,
  };
  const kinds: [string, () => Draft][] = [
    ['customer.deposited', () => samples.plain(theme, { event: '', type: 'customer.deposited' })],
    ['deposit.created', () => samples.trade(theme, { event: 'EV_RECORD_ADD', cmd: 'OP_BALANCE_IN', type: '' })],
    ['customer.deposited', () => samples.structured(theme, { event: '', type: 'customer.deposited' })],
    [
      'account:added',
      () => samples.account({ ...theme, login: 20_001 + number }, { event: 'EV_RECORD_ADD', type: '' }),
    ],
    ['customer.deposited', () => samples.binary(theme, { event: '', type: 'customer.deposited' })],
    ['account:updated', () => samples.account(theme, { event: 'EV_RECORD_UPDATE', type: '' })],
    ['trade.opened', () => samples.trade(theme, { event: 'EV_RECORD_ADD', cmd: 'OP_SELL', type: '' })],
    ['customer.registered', () => samples.plain(theme, { event: '', type: 'customer.registered' })],
  ];
  const [trigger, draft] = kinds[number % kinds.length]!;
  return { id, trigger, amount, message: rawMessageOf(draft()) };
}

const events = [
  'EV_RECORD_ADD',
  'EV_RECORD_UPDATE',
  'EV_RECORD_DELETE',
  'EV_RECORD_CLOSE_TRADE',
  'EV_OTHER',
  'constructor',
];
const commands = ['OP_BUY', 'OP_SELL', 'OP_BALANCE_IN', 'OP_BALANCE_OUT', 'OP_BUY_LIMIT', '__proto__'];
const types = [
  'customer.deposited',
  'customer.deposited',
  'customer.registered',
  'customer.status_changed',
  'something.else',
  'deposit.created',
  'constructor',
];

export class MutatedStream {
  readonly #random: Random;
  readonly #limits: DecodeLimits;
  readonly #ordinary: OrdinaryEvent[] = [];
  readonly #earlier: RawMessage[] = [];
  /** The samples so far, as they were before they were mutated. */
  readonly #samples: ((note: string) => Draft)[] = [];
  #count = 0;

  constructor(random: Random, limits: DecodeLimits) {
    this.#random = random;
    this.#limits = limits;
  }

  /** The next ordinary event. */
  ordinary(): OrdinaryEvent {
    const event = ordinaryEvent(this.#ordinary.length);
    this.#ordinary.push(event);
    return event;
  }

  /** The next other message; what it says is about no account, customer and id of an ordinary event. */
  mutated(): RawMessage {
    const repeated = this.#repeated();
    if (repeated !== null) return repeated;
    for (;;) {
      const message = this.#mutate(this.#sample());
      if (this.#concernsOrdinary(message)) continue;
      this.#earlier.push(message);
      return message;
    }
  }

  /** An event that comes again, be it with another content under its id. */
  #repeated(): RawMessage | null {
    const random = this.#random;
    if (this.#ordinary.length === 0 || this.#earlier.length === 0 || !random.happens(0.15)) return null;
    if (random.happens(0.3)) return random.pick(this.#earlier);
    if (random.happens(0.5)) return rawMessageOf(random.pick(this.#samples.slice(-50))(`note ${random.below(3)}`));
    const { message, trigger } = random.pick(this.#ordinary);
    // Another content of an account event would move the account.
    if (random.happens(0.5) || trigger.startsWith('account:') || message.value === null) return message;
    return { ...message, value: Buffer.from(message.value.toString().replace(/"note \d+"/, '"another note"')) };
  }

  #sample(): Draft {
    const random = this.#random;
    const number = (this.#count += 1);
    const theme: Theme = {
      // Some ids come more than once, with one content or another.
      id: `mutated-${random.happens(0.05) ? random.below(number) : number}`,
      at: new Date().toISOString(),
      // Of some accounts nobody ever tells.
      login: 900_000_001 + random.below(random.happens(0.3) ? 10_000 : 60),
      group: random.pick(['north-usd', 'north-usd', 'south-eur', 'unknown', 'without-brand']),
      customerId: `somebody-${random.below(60)}`,
      brand: random.pick(['north', 'south']),
      amount: random.below(1000),
      note: `note ${number}`,
    };
    const sample = random.pick(Object.values(samples));
    const variant = { event: random.pick(events), cmd: random.pick(commands), type: random.pick(types) };
    const isOfNoBrand = random.happens(0.3);
    const make = (note: string): Draft => {
      const draft = sample({ ...theme, note }, variant);
      return isOfNoBrand ? withoutBrand(draft) : draft;
    };
    this.#samples.push(make);
    return make(theme.note);
  }

  #mutate(draft: Draft): RawMessage {
    const random = this.#random;
    const ofDraft = Object.values(draftMutations);
    const ofBytes = Object.values(bytesMutations);
    const isOfBytes = random.happens(0.35);
    for (let count = isOfBytes ? 0 : random.pick([1, 1, 1, 2, 3]); count > 0; count -= 1) {
      random.pick(ofDraft)(draft, random);
    }
    const message = rawMessageOf(draft);
    if (random.happens(0.012)) return padded(message, random, this.#limits.maxBytes);
    if (isOfBytes && message.value !== null) message.value = random.pick(ofBytes)(message.value, random);
    return message;
  }

  #concernsOrdinary(message: RawMessage): boolean {
    const { topic, key, value, headers } = message;
    const timestamp = message.timestamp ?? String(Date.now());
    const decoded = decodeMessage({ topic, partition: 0, offset: '0', timestamp, key, value, headers }, this.#limits);
    if (!('event' in decoded)) return false;
    const { id, login, customerId, account } = decoded.event;
    const names = [customerId, account?.customer_id];
    const isOrdinaryLogin = login !== null && login >= 10_000 && login < 100_000;
    return id.startsWith(ordinaryPrefix) || isOrdinaryLogin || names.some((name) => name?.startsWith(customerPrefix));
  }
}

function withoutBrand(draft: Draft): Draft {
  delete draft.headers['ce_brand'];
  if (Object.hasOwn(draft.body as JsonRecord, 'brand')) setMember(draft.body as JsonRecord, 'brand', null);
  return draft;
}
