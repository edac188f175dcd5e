import kafkajs, { type FetchOffsetsPartition } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { committedOffsets } from './committed-offsets.ts';

const partitions = [
  { partition: 0, offset: '7', metadata: null },
  { partition: 1, offset: '-1', metadata: null },
] satisfies FetchOffsetsPartition[];
const answer = [{ topic: 'a', partitions }];

function failing(times: number, error: Error): { asked: number; fetchOffsets: () => Promise<typeof answer> } {
  const admin = {
    asked: 0,
    fetchOffsets: () => {
      admin.asked += 1;
      return admin.asked > times ? Promise.resolve(answer) : Promise.reject(error);
    },
  };
  return admin;
}

describe('the committed offsets of a group', () => {
  it('are asked for again while the coordinator moves', async () => {
    const admin = failing(2, new kafkajs.KafkaJSError('not the coordinator', { retriable: true }));
    expect(await committedOffsets(admin, 'group', ['a'])).toEqual(new Map([['a', new Map([[0, 7n]])]]));
    expect(admin.asked).toBe(3);
  });

  it('are not asked for again when that cannot help', async () => {
    const admin = failing(1, new kafkajs.KafkaJSError('not authorized', { retriable: false }));
    await expect(committedOffsets(admin, 'group', ['a'])).rejects.toThrow('not authorized');
    expect(admin.asked).toBe(1);
  });
});
