import { describe, expect, it, vi } from 'vitest';
import type { PartitionId, RunLedger } from '#libs/domain/runs/run-ledger.ts';
import type { Watermark } from '#libs/domain/events/watermark.ts';
import type { Chunk } from '#libs/kafka/chunk.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { PartitionWatermarks } from './partition-watermarks.ts';

/** Of records that consumers do not see. */
const controlRecords: Chunk = {
  topic: 'crm.events',
  partition: 0,
  messages: [],
  first: 5n,
  next: 8n,
  highWatermark: 8n,
  fetch: {},
};

function watermarksWith(stored: Watermark | null) {
  const marks = {
    watermark: vi.fn<RunLedger['watermark']>(async () => stored && { watermark: stored, revision: 1 }),
    saveWatermark: vi.fn<RunLedger['saveWatermark']>(async () => true),
    hasFormerTopic: vi.fn<(partition: PartitionId) => Promise<boolean>>(async () => false),
    reopened: vi.fn<RunLedger['reopened']>(async () => new Set()),
  };
  const cluster = { id: 'cluster', topicId: () => 'topic' };
  return { marks, watermarks: new PartitionWatermarks(marks, cluster, createLogger('test', 'silent')) };
}

describe('a chunk of records that consumers do not see', () => {
  const before: Watermark = { next: 5n, passedOver: [], reopened: [], decided: [] };

  it('moves the watermark past them', async () => {
    const { marks, watermarks } = watermarksWith(before);
    await watermarks.advance(controlRecords);
    expect(marks.saveWatermark).toHaveBeenCalledExactlyOnceWith(expect.anything(), { ...before, next: 8n }, 1);
  });

  it('moves it when the store is back that was away', async () => {
    const { marks, watermarks } = watermarksWith(before);
    marks.watermark.mockRejectedValueOnce(new Error('the store is away'));
    // Nothing else fails: an unhandled rejection ends the process.
    await expect(watermarks.advance(controlRecords)).rejects.toThrow('the store is away');
    await watermarks.advance(controlRecords);
    expect(marks.saveWatermark).toHaveBeenCalledExactlyOnceWith(expect.anything(), { ...before, next: 8n }, 1);
  });
});

describe('a partition of which nothing has been processed', () => {
  const nothing = { ...controlRecords, messages: [] };

  it('is read from its beginning, once, when there was a topic of the same name before', async () => {
    const { marks, watermarks } = watermarksWith(null);
    marks.hasFormerTopic.mockResolvedValue(true);
    watermarks.assigned({ 'crm.events': [0] });
    expect(await watermarks.reopened()).toEqual([{ topic: 'crm.events', partition: 0, offset: 0n }]);
    expect(await watermarks.reopened()).toEqual([]);
    watermarks.assigned({ 'crm.events': [0] });
    expect(await watermarks.reopened()).toHaveLength(1);
  });

  it('is left where it is when there was none, or when it has been begun', async () => {
    const { marks, watermarks } = watermarksWith(null);
    watermarks.assigned({ 'crm.events': [0] });
    expect(await watermarks.reopened()).toEqual([]);
    expect(marks.hasFormerTopic).toHaveBeenCalledTimes(1);
    marks.hasFormerTopic.mockResolvedValue(true);
    watermarks.assigned({ 'crm.events': [0] });
    await watermarks.processed(nothing);
    expect(await watermarks.reopened()).toEqual([]);
  });

  it('is looked at again when the store was away', async () => {
    const { marks, watermarks } = watermarksWith(null);
    marks.hasFormerTopic.mockRejectedValueOnce(new Error('the store is away')).mockResolvedValue(true);
    watermarks.assigned({ 'crm.events': [0] });
    await expect(watermarks.reopened()).rejects.toThrow('the store is away');
    expect(await watermarks.reopened()).toHaveLength(1);
  });
});
