import kafkajs from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { toConcern } from './producer.ts';

const protocolError = (type: string, retriable: boolean) =>
  new kafkajs.KafkaJSProtocolError(Object.assign(new Error(type), { type, retriable }));
const retried = (error: Error) => new kafkajs.KafkaJSNumberOfRetriesExceeded(error, { retryCount: 5, retryTime: 1000 });

describe('what kafkajs could not send', () => {
  it.each([
    ['a message that is too large', protocolError('MESSAGE_TOO_LARGE', false), 'content'],
    ['a message that arrives broken each time', retried(protocolError('CORRUPT_MESSAGE', true)), 'content'],
    ['a header that cannot be written', retried(new TypeError('The "string" argument must be …')), 'content'],
    ['a topic that this user may not write', protocolError('TOPIC_AUTHORIZATION_FAILED', false), 'messages'],
    ['a topic without a leader', retried(protocolError('LEADER_NOT_AVAILABLE', true)), 'cluster'],
    ['no connection', new kafkajs.KafkaJSConnectionError('refused'), 'cluster'],
  ])('%s', (_, error, concerns) => {
    expect(toConcern(error)).toBe(concerns);
  });
});
