import { describe, expect, it } from 'vitest';
import { BadMessagesError, parseMessages } from './messages.ts';

const deposit = { id: 'e1', type: 'customer.deposited', customerId: 'C-1', data: { amount: 5 } };

function issuesIn(text: string): string[] {
  try {
    parseMessages(text);
  } catch (error) {
    if (error instanceof BadMessagesError) return error.issues;
    throw error;
  }
  return [];
}

describe('messages to publish', () => {
  it('takes one object, an array and JSON lines alike', () => {
    const one = JSON.stringify({ topic: 'crm.events', value: deposit });
    const expected = { topic: 'crm.events', key: 'C-1', headers: {}, value: deposit };
    expect(parseMessages(one)).toEqual([expected]);
    expect(parseMessages(JSON.stringify(JSON.parse(one), null, 2))).toEqual([expected]);
    expect(parseMessages(`[${one},${one}]`)).toEqual([expected, expected]);
    expect(parseMessages(`${one}\n\n${one}\n`)).toEqual([expected, expected]);
  });

  it('refuses a number that would be published as another one', () => {
    const value = JSON.stringify(deposit).replace('5', '9007199254740993');
    expect(issuesIn(`{"topic":"crm.events","value":${value}}`)).toEqual([
      'line 1: value.data.amount is a number beyond 9007199254740991, which cannot be kept exactly: write it as a text',
    ]);
  });

  it('takes the topic off an envelope that carries it beside its own fields', () => {
    expect(parseMessages(JSON.stringify({ topic: 'crm.events', ...deposit }))).toEqual([
      { topic: 'crm.events', key: 'C-1', headers: {}, value: deposit },
    ]);
  });

  it('keys a broker record by its login, and keeps a given key and headers', () => {
    const trade = { id: 't1', event: 'EV_RECORD_ADD', record: { login: 500101, cmd: 'OP_BUY' } };
    const [keyed] = parseMessages(JSON.stringify({ topic: 'trade.push', value: trade }));
    expect(keyed?.key).toBe('500101');
    const given = { topic: 'trade.push', key: 'mine', headers: { 'ce-id': '1' }, value: trade };
    expect(parseMessages(JSON.stringify(given))).toEqual([given]);
    expect(parseMessages(JSON.stringify({ ...given, key: null }))[0]?.key).toBeNull();
  });

  it('refuses a topic that is not one of the inputs', () => {
    expect(issuesIn(JSON.stringify({ topic: 'workflow.lifecycle', value: {} }))).toEqual([
      'line 1: unknown topic "workflow.lifecycle": one of trade.push, account.push, crm.events',
    ]);
    expect(issuesIn(JSON.stringify(deposit))).toEqual([
      'line 1: "topic" is missing: one of trade.push, account.push, crm.events',
    ]);
  });

  it('names every bad line of JSON lines', () => {
    const good = JSON.stringify({ topic: 'crm.events', value: deposit });
    const text = [good, '{"topic": "crm.events", ', '', '{"topic":"nope","value":{}}', '7', good].join('\n');
    expect(issuesIn(text)).toEqual([
      expect.stringMatching(/^line 2: not JSON: /),
      expect.stringMatching(/^line 4: unknown topic "nope"/),
      'line 5: expected an object with a topic',
    ]);
  });

  it('names the line of an issue in one document', () => {
    expect(issuesIn('{\n  "topic": "crm.events",\n  "value": {,}\n}')).toEqual([
      expect.stringMatching(/^line 3: not JSON: /),
    ]);
    expect(issuesIn('[\n  {\n')).toEqual([expect.stringMatching(/^line 2: not JSON: /)]);
    expect(issuesIn('\nhello')).toEqual([expect.stringMatching(/^line 2: not JSON: /)]);
  });

  it('names the item of an issue in an array, and refuses a misspelt field', () => {
    const items = [
      { topic: 'crm.events', value: deposit },
      { topic: 'crm.events', value: deposit, header: {} },
      { topic: 'crm.events', value: [] },
      { topic: 'crm.events', value: deposit, headers: { a: 1 } },
    ];
    expect(issuesIn(JSON.stringify(items))).toEqual([
      'item 2: unknown field "header" beside "value"',
      'item 3: "value" must be an object: the event',
      'item 4: "headers" must be an object of strings',
    ]);
  });

  it('refuses an empty input', () => {
    expect(issuesIn(' \n')).toEqual(['the input holds no event']);
    expect(issuesIn('[]')).toEqual(['the input holds no event']);
  });
});
