import kafkajs from 'kafkajs';
import { expect, it } from 'vitest';
import { askAgain } from './ask-again.ts';

/** Fails so many times. */
function failing(times: number, error: Error): { asked: number; ask: () => Promise<string> } {
  const broker = {
    asked: 0,
    ask: () => {
      broker.asked += 1;
      return broker.asked > times ? Promise.resolve('answer') : Promise.reject(error);
    },
  };
  return broker;
}

const refusal = (type: string, retriable: boolean) =>
  new kafkajs.KafkaJSProtocolError(Object.assign(new Error(type), { type, retriable }));

it('asks again while the leader or the coordinator moves', async () => {
  const broker = failing(2, refusal('NOT_LEADER_FOR_PARTITION', true));
  expect(await askAgain(broker.ask)).toBe('answer');
  expect(broker.asked).toBe(3);
});

it.each([refusal('GROUP_AUTHORIZATION_FAILED', false), new kafkajs.KafkaJSConnectionError('connection refused')])(
  'does not ask again where that cannot help: %s',
  async (error) => {
    const broker = failing(1, error);
    await expect(askAgain(broker.ask)).rejects.toBe(error);
    expect(broker.asked).toBe(1);
  },
);
