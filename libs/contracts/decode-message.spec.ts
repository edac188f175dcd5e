import { describe, expect, it } from 'vitest';
import { topics, type PlatformEvent } from '#libs/domain/events/platform-event.ts';
import { knownTriggers } from '#libs/domain/events/triggers.ts';
import { decodeMessage, type IncomingMessage } from './decode-message.ts';

const limits = { maxBytes: 262_144, maxDepth: 64, maxAheadMs: 60_000 };
const kafkaTime = '2026-02-01T00:00:00.000Z';

function incoming(value: unknown, parts: Partial<IncomingMessage> = {}): IncomingMessage {
  return {
    topic: topics.crm,
    partition: 3,
    offset: '42',
    timestamp: String(Date.parse(kafkaTime)),
    key: null,
    headers: undefined,
    value: Buffer.isBuffer(value) ? value : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
    ...parts,
  };
}

function eventOf(value: unknown, parts: Partial<IncomingMessage> = {}): PlatformEvent {
  const decoded = decodeMessage(incoming(value, parts), limits);
  if ('deadLetter' in decoded) throw new Error(decoded.deadLetter.message);
  return decoded.event;
}

function deadLetterOf(
  value: unknown,
  parts: Partial<IncomingMessage> = {},
): { reason: string; message: string } | null {
  const decoded = decodeMessage(incoming(value, parts), limits);
  return 'deadLetter' in decoded ? decoded.deadLetter : null;
}

const onTrades = { topic: topics.trade };
const onAccounts = { topic: topics.account };
const trade = { order: 1, login: 5001, cmd: 'OP_BUY', volume: 100, symbol: 'EURUSD', close_price: 1.1, comment: '' };
const tradeMessage = { id: 't-1', event: 'EV_RECORD_ADD', occurredAt: '2026-01-02T03:04:05+02:00', record: trade };
const account = { login: 5001, group: 'north-usd', name: 'Ana', enable: true, leverage: 100 };
const accountMessage = { id: 'a-1', event: 'EV_RECORD_UPDATE', record: account };

describe('trade.push', () => {
  it('becomes an event with the trigger of its record', () => {
    expect(eventOf(tradeMessage, onTrades)).toEqual({
      id: 't-1',
      trigger: 'trade.opened',
      topic: 'trade.push',
      occurredAt: '2026-01-02T01:04:05.000Z',
      brand: null,
      login: 5001,
      customerId: null,
      causation: [],
      data: trade,
      trade,
    });
  });

  it('needs neither id nor time: Kafka has both', () => {
    const { event, record } = tradeMessage;
    expect(eventOf({ event, record, occurredAt: null }, onTrades)).toMatchObject({
      id: 'trade.push/3/42',
      occurredAt: kafkaTime,
    });
  });

  it('R-021 R-022 R-023 other combinations are events that start nothing', () => {
    const triggerOf = (event: string, cmd: string): string | null =>
      eventOf({ event, record: { ...trade, cmd } }, onTrades).trigger;
    expect(triggerOf('EV_RECORD_ADD', 'OP_BUY_LIMIT')).toBeNull();
    expect(triggerOf('EV_RECORD_CLOSE_TRADE', 'OP_BALANCE_IN')).toBeNull();
    expect(triggerOf('EV_RECORD_UPDATE', 'OP_BUY')).toBeNull();
  });

  it('R-024 account events on it fire no account trigger, and the other way round', () => {
    const accountOnTrades = { ...accountMessage, event: 'EV_RECORD_ADD', record: { ...account, cmd: 'OP_BUY' } };
    expect(eventOf(accountOnTrades, onTrades).trigger).toBe('trade.opened');
    const tradeOnAccounts = { ...tradeMessage, record: { ...trade, group: 'g' } };
    expect(eventOf(tradeOnAccounts, onAccounts).trigger).toBe('account:added');
    expect(eventOf({ ...tradeMessage, event: 'EV_RECORD_DELETE' }, onTrades).trigger).toBeNull();
    const closed = { ...tradeMessage, event: 'EV_RECORD_CLOSE_TRADE', record: { ...trade, group: 'g' } };
    expect(eventOf(closed, onAccounts).trigger).toBeNull();
  });

  it('lets members it does not know through, and takes null for absent', () => {
    const record = { ...trade, comment: null, amount_usd: null, magic: 5, tags: ['a'] };
    const event = eventOf({ ...tradeMessage, record, more: 1 }, onTrades);
    expect(event.trade).toEqual({ ...trade, comment: undefined, magic: 5, tags: ['a'] });
    expect(event.trade).not.toHaveProperty('comment');
    expect(event.data).toBe(event.trade);
  });

  it('accepts a login written as text, and nothing else', () => {
    const event = eventOf({ ...tradeMessage, record: { ...trade, login: '5001' } }, onTrades);
    expect([event.login, event.trade?.login, event.data['login']]).toEqual([5001, 5001, 5001]);
    for (const login of ['50 01', '-1', '', '1e3', 1.5, -1, true, '9'.repeat(16), [5001]]) {
      expect(deadLetterOf({ ...tradeMessage, record: { ...trade, login } }, onTrades)?.reason).toBe('invalid_event');
    }
    expect(deadLetterOf({ ...tradeMessage, record: { ...trade, volume: '100' } }, onTrades)?.reason).toBe(
      'invalid_event',
    );
  });

  it('names every issue, and no value', () => {
    const record = { cmd: 5, order: 1.5, volume: 'lots', close_price: '1', symbol: 7, amount_usd: 'secret' };
    const letter = deadLetterOf({ id: '', occurredAt: 'soon', causation: 'x', record }, onTrades);
    expect(letter?.reason).toBe('invalid_event');
    const names = ['id', 'event', 'occurredAt', 'causation', 'record.login', 'record.cmd', 'record.order'];
    for (const name of [...names, 'record.volume', 'record.close_price', 'record.symbol', 'record.amount_usd']) {
      expect(letter?.message).toContain(`${name} `);
    }
    expect(letter?.message).toContain('record.volume is a string: expected a whole number');
    expect(letter?.message).not.toMatch(/soon|secret|lots/);
    expect(deadLetterOf({ event: 'EV_RECORD_ADD' }, onTrades)?.message).toContain('record is missing');
  });
});

describe('account.push', () => {
  it.each([
    ['EV_RECORD_ADD', 'account:added', 'added'],
    ['EV_RECORD_UPDATE', 'account:updated', 'updated'],
    ['EV_RECORD_DELETE', 'account:deleted', 'deleted'],
  ])('%s becomes %s', (recordEvent, trigger, accountChange) => {
    const record = { ...account, customer_id: 'c-1' };
    expect(eventOf({ ...accountMessage, event: recordEvent, record }, onAccounts)).toMatchObject({
      trigger,
      accountChange,
      login: 5001,
      customerId: 'c-1',
      account: record,
      data: record,
    });
  });

  it('starts nothing and changes nothing for another record event', () => {
    const event = eventOf({ ...accountMessage, event: 'EV_RECORD_LOGIN' }, onAccounts);
    expect(event.trigger).toBeNull();
    expect(event).not.toHaveProperty('accountChange');
  });

  it('accepts 0 and 1 for enable', () => {
    const event = eventOf({ ...accountMessage, record: { ...account, enable: 0 } }, onAccounts);
    expect(event.account?.enable).toBe(false);
    expect(deadLetterOf({ ...accountMessage, record: { ...account, enable: 'no' } }, onAccounts)?.message).toBe(
      'record.enable is a string: expected true, false, 1 or 0',
    );
  });

  it('needs login and group', () => {
    const letter = deadLetterOf({ ...accountMessage, record: { name: 'Ana' } }, onAccounts);
    expect(letter?.message).toContain('record.login is missing');
    expect(letter?.message).toContain('record.group is missing');
  });
});

describe('crm.events, plain envelope', () => {
  it('is taken as it is', () => {
    const envelope = {
      id: 'e-1',
      type: 'customer.deposited',
      occurredAt: '2026-01-02T03:04:05.678Z',
      brand: 'north',
      login: '5001',
      customerId: 'c-1',
      causation: ['e-0'],
      data: { amount: 1200, nested: { deep: [1] } },
    };
    const { type, login, ...same } = envelope;
    expect(eventOf(envelope)).toEqual({ ...same, trigger: type, login: Number(login), topic: 'crm.events' });
  });

  it('R-141 any type is a trigger', () => {
    expect(eventOf({ type: 'card.blocked', data: {} })).toEqual({
      id: 'crm.events/3/42',
      trigger: 'card.blocked',
      topic: 'crm.events',
      occurredAt: kafkaTime,
      brand: null,
      login: null,
      customerId: null,
      causation: [],
      data: {},
    });
  });

  it('names every issue', () => {
    const letter = deadLetterOf({ id: 5, brand: '', login: 'ana', customerId: true, causation: ['a', 5], data: [] });
    const parts = ['id is a whole number', 'brand is empty', 'login is a string', 'customerId is', 'causation[1] is'];
    for (const part of [...parts, 'type is missing', 'data is a list']) expect(letter?.message).toContain(part);
    expect(deadLetterOf({ type: 'x' })?.message).toBe('data is missing: expected an object');
  });
});

describe('ids', () => {
  it('of customers are text, also where a producer writes a number', () => {
    expect(eventOf({ type: 'x', customerId: 7, data: {} }).customerId).toBe('7');
    const {
      customerId,
      account: read,
      data,
    } = eventOf({ ...accountMessage, record: { ...account, customer_id: 7 } }, onAccounts);
    expect([customerId, read?.customer_id, data['customer_id']]).toEqual(['7', '7', '7']);
    const cloudEvent = { specversion: '1.0', id: 'ce-1', source: '/crm', type: 'x' };
    expect(eventOf({ ...cloudEvent, customerid: 7 }).customerId).toBe('7');
    expect(eventOf({ ...cloudEvent, data: { customerId: 7 } }).customerId).toBe('7');
    for (const customerId of [1.5, -1, true, [7]]) {
      expect(deadLetterOf({ type: 'x', customerId, data: {} })?.message).toContain('customerId is');
    }
  });

  it('and levels of a customer who registers are what the directory keeps, however they are written', () => {
    const data = {
      assigned_manager_id: '11',
      manager_id: 12,
      team_id: 5,
      kyc_current_level: '2',
      phone: 442079460958,
      active: 0,
      country: null,
      vip_level_status_id: 'gold',
      id: 'other',
      tags: ['a'],
      address: { street: 'x' },
    };
    const event = eventOf({ type: 'customer.registered', customerId: 'c-1', data });
    expect(event.customer).toEqual({
      assigned_manager_id: 11,
      manager_id: 12,
      team_id: '5',
      kyc_current_level: 2,
      phone: '442079460958',
      active: false,
      vip_level_status_id: 'gold',
    });
    expect(event.data).toEqual(data);
    expect(eventOf({ type: 'customer.traded', customerId: 'c-1', data })).not.toHaveProperty('customer');
  });

  it('of a customer who registers that are none are told with their place', () => {
    const data = {
      assigned_manager_id: 'ann',
      team_id: {},
      active: 'yes',
      email: ['a@b.example'],
      kyc_current_level: -1,
    };
    expect(deadLetterOf({ type: 'customer.registered', customerId: 'c-1', data })?.message).toBe(
      [
        'data.assigned_manager_id is a string: expected a whole number of at least 0',
        'data.team_id is an object: expected a string',
        'data.active is a string: expected true, false, 1 or 0',
        'data.email is a list: expected a string',
        'data.kyc_current_level is a whole number: expected a whole number of at least 0',
      ].join('; '),
    );
  });
});

describe('triggers of broker records', () => {
  it.each(knownTriggers.filter(({ source }) => source !== topics.crm).map(({ name, source }) => [name, source]))(
    '%s is no type of a CRM event',
    (type, source) => {
      const isRequest = type === 'request.created';
      const where = isRequest
        ? 'the trigger of processes: only a request starts one'
        : `a trigger of ${source}: publish the record there`;
      const message = `type is ${where}`;
      const event = { type, brand: 'north', login: 5001, data: {} };
      expect(deadLetterOf(event)).toEqual({ reason: 'invalid_event', message });
      expect(deadLetterOf({ specversion: '1.0', id: 'ce-1', source: '/crm', ...event })?.message).toBe(message);
      const headers = { ce_specversion: '1.0', ce_id: 'ce-1', ce_source: '/crm', ce_type: type };
      expect(deadLetterOf({}, { headers })?.message).toBe(message);
    },
  );
});

describe('numbers beyond 2^53', () => {
  const digits = '9007199254740993';

  it.each([
    digits,
    `-${digits}`,
    `${digits}.0`,
    '9.007199254740993e15',
    '9007199254740992',
    '1e21',
    '1E+400',
    '-1e999',
  ])('%s is refused with its place, whatever it is for', (number) => {
    const letterOf = (text: string, parts = {}): string | undefined => deadLetterOf(text, parts)?.message;
    const beyond = 'is a number beyond 9007199254740991, which cannot be kept exactly: write it as a text';
    const data = `{"type":"x","data":{"a":["text",{"b c":${number}}]}}`;
    expect(letterOf(data)).toBe(`data.a[1]["b c"] ${beyond}`);
    const record = `{"event":"EV_RECORD_ADD","record":{"login":1,"cmd":"OP_BUY","order":${number}}}`;
    expect(letterOf(record, onTrades)).toBe(`record.order ${beyond}`);
    expect(letterOf(number)).toBe(`the message ${beyond}`);
  });

  it('are found at any depth that the configuration allows', () => {
    const text = (number: string): string =>
      `{"type":"x","data":{"a":${'['.repeat(50_000)}${number}${']'.repeat(50_000)}}}`;
    const deep = { maxBytes: 1_000_000, maxDepth: 100_000, maxAheadMs: 60_000 };
    expect(decodeMessage(incoming(text(digits)), deep)).toMatchObject({ deadLetter: { reason: 'invalid_event' } });
    expect(decodeMessage(incoming(text('1')), deep)).toMatchObject({ event: { trigger: 'x' } });
  });

  it('are told from those that are kept exactly, and from texts', () => {
    const text = `{"type":"x","data":{"a":9007199254740991,"b":-9007199254740991,"c":1e15,"d":0.1234567890123456789,"e":1E-400,"f":"${digits}","${digits}":1}}`;
    expect(eventOf(text).data).toEqual({
      a: 9007199254740991,
      b: -9007199254740991,
      c: 1e15,
      d: 0.12345678901234568,
      e: 0,
      f: digits,
      [digits]: 1,
    });
  });
});

describe('crm.events, CloudEvents 1.0', () => {
  const attributes = {
    specversion: '1.0',
    id: 'ce-1',
    source: '/crm',
    type: 'customer.ftd',
    time: '2026-01-02T03:04:05Z',
    brand: 'north',
    login: 5001,
    customerid: 'c-1',
    causation: 'e-1, e-2',
  };
  const expected = {
    id: 'ce-1',
    source: '/crm',
    trigger: 'customer.ftd',
    topic: 'crm.events',
    occurredAt: '2026-01-02T03:04:05.000Z',
    brand: 'north',
    login: 5001,
    customerId: 'c-1',
    causation: ['e-1', 'e-2'],
    data: { amount: 5 },
  };

  it('are recognised in structured mode by specversion or by the content type', () => {
    expect(eventOf({ ...attributes, data: { amount: 5 } })).toEqual(expected);
    const headers = { 'content-type': Buffer.from('application/cloudevents+json; charset=utf-8') };
    expect(eventOf({ ...attributes, data: { amount: 5 } }, { headers })).toEqual(expected);
    expect(deadLetterOf({ type: 'x', data: {} }, { headers })?.message).toContain('specversion is missing');
  });

  it('are recognised in binary mode by their headers', () => {
    const headers = Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [`ce_${name}`, Buffer.from(String(value))]),
    );
    expect(eventOf({ amount: 5 }, { headers })).toEqual(expected);
    expect(deadLetterOf([1], { headers })?.message).toBe('data is a list: expected an object');
    expect(deadLetterOf({}, { headers: { ...headers, ce_id: undefined } })?.message).toContain('id is missing');
  });

  it('are refused in binary mode when an attribute is not UTF-8: two ids would be read as one', () => {
    const text = { ce_specversion: '1.0', ce_type: 'x', ce_source: '/crm' };
    const headers = { ...text, ce_id: Buffer.from([0x31, 0xff]), 'x-trace': Buffer.from([0xff]) };
    const refusal = { reason: 'invalid_event', message: 'the header ce_id is not UTF-8' };
    expect(deadLetterOf({}, { headers })).toEqual(refusal);
    expect(eventOf({}, { headers: { ...headers, ce_id: 'é' } }).id).toBe('é');
  });

  it('may name login, customer and causes in their data, and their brand by an attribute alone', () => {
    const { specversion, id, source, type } = attributes;
    const data = { brand: 'south', login: '7', customerId: 'c-9', causation: ['e-5'] };
    expect(eventOf({ specversion, id, source, type, data })).toMatchObject({
      brand: null,
      login: 7,
      customerId: 'c-9',
      causation: ['e-5'],
    });
    expect(eventOf({ ...attributes, data })).toMatchObject({ brand: 'north', login: 5001, customerId: 'c-1' });
    const other = { brand: { name: 'x' }, login: 'ana', customerId: [5] };
    expect(eventOf({ specversion, id, source, type, data: other })).toMatchObject({
      brand: null,
      login: null,
      customerId: null,
    });
  });

  it('may come without data, and need their required attributes', () => {
    expect(eventOf(attributes).data).toEqual({});
    const letter = deadLetterOf({ specversion: '0.3', time: 'soon', data_base64: 'eA==' });
    const parts = [
      'specversion is not 1.0',
      'id is missing',
      'source is missing',
      'type is missing',
      'time is no time',
    ];
    for (const part of [...parts, 'data_base64 is not supported']) expect(letter?.message).toContain(part);
  });
});

describe('what cannot be decoded', () => {
  const plain = { type: 'x', data: {} };

  it('is sent to the dead letters with its reason', () => {
    expect(deadLetterOf('{"type":')?.reason).toBe('not_json');
    expect(deadLetterOf('')?.reason).toBe('not_json');
    expect(deadLetterOf('x', { value: null })?.reason).toBe('not_json');
    expect(deadLetterOf(Buffer.from([0x22, 0xff, 0x22]))?.reason).toBe('not_json');
    for (const value of ['[]', '"text"', 'null', '5']) {
      for (const topic of [topics.trade, topics.account, topics.crm]) {
        expect(deadLetterOf(value, { topic })?.reason).toBe('invalid_event');
      }
    }
    expect(deadLetterOf(plain, { topic: 'other' })).toEqual({
      reason: 'invalid_event',
      message: 'no events are expected on other',
    });
  });

  it('is not so because of a byte order mark', () => {
    expect(eventOf(Buffer.from(`\uFEFF${JSON.stringify(plain)}`)).trigger).toBe('x');
  });

  it('does not show what it holds', () => {
    expect(deadLetterOf('{"password":"hunter2"')?.message).not.toContain('hunter2');
  });

  it('is too large over the limit, not at it', () => {
    const ofSize = (bytes: number): string => {
      const empty = JSON.stringify({ type: 'x', data: { fill: '' } });
      return JSON.stringify({ type: 'x', data: { fill: 'x'.repeat(bytes - empty.length) } });
    };
    expect(deadLetterOf(ofSize(limits.maxBytes))).toBeNull();
    expect(deadLetterOf(ofSize(limits.maxBytes + 1))?.reason).toBe('too_large');
  });

  it('is too deep over the limit, not at it, and brackets in texts do not count', () => {
    const ofDepth = (depth: number): string => `{"type":"x","data":${'{"a":'.repeat(depth - 1)}1${'}'.repeat(depth)}`;
    expect(deadLetterOf(ofDepth(64))).toBeNull();
    expect(deadLetterOf(ofDepth(65))?.reason).toBe('too_deep');
    expect(deadLetterOf('['.repeat(200_000))?.reason).toBe('too_deep');
    expect(
      deadLetterOf({ type: 'x', data: { text: '[{"'.repeat(100), list: Array.from({ length: 100 }, () => ({})) } }),
    ).toBeNull();
    expect(deadLetterOf({ type: 'x', data: { text: '\\"[['.repeat(100) } })).toBeNull();
  });

  it.each(['a\u0000', 'a\nb', '\u007f', '\uD800', 'x'.repeat(1001)])('an id that is no key: %j', (id) => {
    expect(deadLetterOf({ ...plain, id })?.reason).toBe('invalid_event');
    expect(deadLetterOf({ ...plain, causation: [id] })?.reason).toBe('invalid_event');
    expect(deadLetterOf({ ...plain, customerId: id })?.reason).toBe('invalid_event');
    expect(deadLetterOf({ ...tradeMessage, id }, onTrades)?.reason).toBe('invalid_event');
  });

  it('an id of 1,000 characters is one', () => {
    expect(eventOf({ ...plain, id: 'x'.repeat(1000) }).id).toHaveLength(1000);
  });

  it('an id that takes more bytes than an index of the store', () => {
    expect(eventOf({ ...plain, id: '語'.repeat(666) }).id).toHaveLength(666);
    const refusal = 'id takes 2001 bytes in UTF-8: at most 2000 are allowed';
    expect(deadLetterOf({ ...plain, id: '語'.repeat(667) })?.message).toBe(refusal);
  });

  it('a number that only JSON can hold, wherever it stands', () => {
    const refused = {
      reason: 'invalid_event',
      message: expect.stringContaining('is a number beyond 9007199254740991') as string,
    };
    expect(deadLetterOf('{"type":"x","data":{"list":[{"level":1e400}]}}')).toEqual(refused);
    expect(deadLetterOf('{"type":"x","data":{"level":-1E0400}}')).toEqual(refused);
    expect(deadLetterOf(`{"type":"x","data":{"level":${'9'.repeat(400)}}}`)).toEqual(refused);
    expect(deadLetterOf(`{"type":"x","data":{"level":0.5,"text":"1e400","digits":"${'9'.repeat(400)}"}}`)).toBeNull();
  });

  it('headers without a value count as absent', () => {
    expect(eventOf(plain, { headers: { 'content-type': null, trace: [null] } }).trigger).toBe(plain.type);
    const headers = { ce_specversion: Buffer.from('1.0'), ce_id: null, ce_source: null, ce_type: Buffer.from('x') };
    expect(deadLetterOf({}, { headers })?.message).toBe(
      'source is missing: expected a string; id is missing: expected a string',
    );
  });

  it('members named like those of a prototype do no harm', () => {
    const event = eventOf(
      '{"type":"x","data":{"__proto__":{"polluted":true},"constructor":1},"__proto__":{"id":"evil"}}',
    );
    expect(event.id).toBe('crm.events/3/42');
    expect((event.data as { polluted?: unknown }).polluted).toBeUndefined();
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    const record = '{"login":"1","cmd":"OP_BUY","comment":null,"__proto__":{"symbol":"X"}}';
    const { trade: decoded } = eventOf(`{"event":"EV_RECORD_ADD","record":${record}}`, onTrades);
    expect(decoded?.symbol).toBeUndefined();
  });

  it('a time Kafka does not know is the time of arrival', () => {
    const before = new Date().toISOString();
    expect(eventOf(plain, { timestamp: '-1' }).occurredAt >= before).toBe(true);
  });
});
