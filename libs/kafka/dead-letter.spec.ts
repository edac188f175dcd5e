import { describe, expect, it } from 'vitest';
import { RetryableError } from '#libs/domain/errors/errors.ts';
import { deadLetterHeaders, DeadLetters, type DeadLetter } from './dead-letter.ts';
import type { OutgoingMessage } from './message.ts';
import { SendError } from './ports.ts';

const letter: DeadLetter = {
  reason: 'not_json',
  message: 'the value is not JSON',
  origin: { topic: 'crm.events', partition: 3, offset: '42', timestamp: '1700000000000' },
  original: { key: Buffer.from('k'), value: Buffer.from('{'), headers: { ce_id: Buffer.from('e-1') } },
};

function producer(refuse: (message: OutgoingMessage) => boolean = () => false) {
  const sent: { topic: string; message: OutgoingMessage }[] = [];
  return {
    sent,
    send: async (topic: string, message: OutgoingMessage) => {
      const cause = new SendError('content', 'too large');
      if (refuse(message)) throw new RetryableError('publish_failed', 'Kafka did not take the message', { cause });
      sent.push({ topic, message });
    },
  };
}

describe('DeadLetters', () => {
  it('keeps key and value as they were and says why and where from', async () => {
    const to = producer();
    await new DeadLetters(to, 'platform.dead-letter').send(letter);
    expect(to.sent).toEqual([
      {
        topic: 'platform.dead-letter',
        message: {
          key: letter.original.key,
          value: letter.original.value,
          headers: {
            'dead-letter.reason': 'not_json',
            'dead-letter.message': 'the value is not JSON',
            'dead-letter.topic': 'crm.events',
            'dead-letter.partition': '3',
            'dead-letter.offset': '42',
            'dead-letter.timestamp': '1700000000000',
            'original.ce_id': Buffer.from('e-1'),
          },
        },
      },
    ]);
  });

  it('cuts short what the broker finds too large, and says how long it was', async () => {
    const value = Buffer.alloc(2_000_000, 'x');
    const to = producer(({ value }) => (value?.length ?? 0) > 1_000_000);
    await new DeadLetters(to, 'dlq').send({ ...letter, original: { ...letter.original, value } });
    expect(to.sent[0]?.message.value?.length).toBe(64 * 1024);
    expect(to.sent[0]?.message.headers).toMatchObject({ [deadLetterHeaders.truncatedFrom]: '2000000' });
  });

  it('lets every other failure reach the caller, who still holds the offset', async () => {
    const away = { send: () => Promise.reject(new Error('no broker')) };
    await expect(new DeadLetters(away, 'dlq').send(letter)).rejects.toThrow('no broker');
  });

  it('leaves out header values that cannot be written, and names the headers that had none', async () => {
    const to = producer();
    // As kafkajs hands over a header named `constructor`.
    const inherited = [Object, Buffer.from('c')] as unknown as Buffer[];
    const headers = { empty: null, some: [null, Buffer.from('s')], none: [null], constructor: inherited };
    await new DeadLetters(to, 'dlq').send({ ...letter, original: { ...letter.original, headers } });
    expect(to.sent[0]?.message.headers).toMatchObject({
      'original.some': Buffer.from('s'),
      'original.constructor': Buffer.from('c'),
      [deadLetterHeaders.emptyHeaders]: 'empty,none',
    });
    expect(to.sent[0]?.message.headers).not.toHaveProperty(['original.empty']);
  });

  it('keeps the reason and the place when Kafka takes nothing of the original', async () => {
    const to = producer(({ value }) => value !== null);
    await new DeadLetters(to, 'dlq').send(letter);
    expect(to.sent[0]?.message).toMatchObject({ key: null, value: null });
    expect(to.sent[0]?.message.headers).toMatchObject({ 'dead-letter.reason': 'not_json', 'dead-letter.offset': '42' });
  });
});
