import { describe, expect, it } from 'vitest';
import { maxKeptBytes, readDeadLetter } from './read-dead-letter.ts';

const place = { topicId: 'AbC-_1', partition: 3, offset: 42n };
const message = { offset: '42', timestamp: '1750000000000', key: null, value: Buffer.from('{}') };
const read = (headers: Record<string, Buffer | string | null>, value: Buffer | null = message.value) =>
  readDeadLetter({ ...message, headers, value }, place, 'test.');

describe('a dead letter', () => {
  it('is named by its place, and says reason, origin and brand', () => {
    const letter = read({
      'dead-letter.reason': 'not_json',
      'dead-letter.message': 'is no JSON',
      'dead-letter.topic': 'test.crm.events',
      'dead-letter.partition': '1',
      'dead-letter.offset': '99',
      'dead-letter.timestamp': '1749999999000',
      'dead-letter.brand': 'oak',
      'original.trace': Buffer.from('abc'),
      'original.dead-letter.reason': 'its own',
      'original.nothing': null,
    });
    expect(letter).toMatchObject({
      dead_letter_id: 'AbC-_1.3.42',
      reason: 'not_json',
      brand: 'oak',
      at: '2025-06-15T15:06:40.000Z',
      origin: { topic: 'crm.events', partition: 1, offset: '99', last_offset: null },
      obstacle: null,
      state: 'open',
    });
    expect(letter.original.headers).toEqual([
      ['trace', [Buffer.from('abc').toString('base64')]],
      ['dead-letter.reason', [Buffer.from('its own').toString('base64')]],
      ['nothing', []],
    ]);
  });

  it('is kept without any header of ours, too, and cannot be sent again', () => {
    expect(read({})).toMatchObject({ reason: 'unknown', obstacle: 'origin', brand: null });
  });

  it('says why it cannot be sent again', () => {
    const origin = { 'dead-letter.topic': 'test.trade.push' };
    expect(read({ ...origin, 'dead-letter.truncated-from-bytes': '9' })).toMatchObject({
      obstacle: 'cut',
      value_bytes: 9,
    });
    expect(read({ ...origin, 'dead-letter.last-offset': '12' }).obstacle).toBe('batch');
    expect(read({ 'dead-letter.topic': 'trade.push' }).obstacle).toBe('origin');
    expect(read({ 'dead-letter.topic': 'test.workflow.lifecycle' }).obstacle).toBe('origin');
    expect(read(origin, Buffer.alloc(maxKeptBytes + 1)).obstacle).toBe('cut');
    expect(read(origin, null)).toMatchObject({ obstacle: null, value_bytes: null });
  });
});
