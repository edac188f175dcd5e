/**
 * What a run writes of its own record. Each run writes at least once, so this is the dearest regular write of the
 * store: writes that arrive while one is under way go out together.
 *
 * The record decides what has happened: how a run ended, and what its latest pause said. A caller that comes later with
 * something else (an attempt that was thought lost, a run that was reset) is told what the record holds.
 */
import type { Connection } from 'mongoose';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import type { LifecycleDraft } from '#libs/domain/runs/lifecycle-event.ts';
import { isEnded, type EndedRun, type EndPatch } from '#libs/domain/runs/run-completion.ts';
import type { RunPatch } from '#libs/domain/runs/run.ts';
import { waitReasonOf, type WaitReason } from '#libs/domain/runs/waits-for.ts';
import { findById } from '../mongo/by-id.ts';
import { createBatcher } from '#libs/async/batcher.ts';
import { collectionFor } from '../mongo/model.ts';
import { runModel, type RunDocument } from './run.model.ts';
import { guarded } from '../mongo/store-error.ts';
import { storeText, storeValue } from '../mongo/storable-text.ts';

/** What the record holds after a write to it. */
export interface Recorded {
  /** How the run has ended; null while it goes on. */
  ended: EndedRun | null;
  /** This write has ended it. */
  isNew: boolean;
  /** The event given, as the record holds it; null when the record holds something later. */
  event: LifecycleDraft | null;
}

export interface RunRecorder {
  /**
   * Writes the run's part of its record. Idempotent; once a terminal status is written, nothing changes any more.
   * @throws PermanentError `run_not_found` when no such run was ever claimed
   */
  write(executionId: string, patch: RunPatch): Promise<void>;
  /**
   * The same, and says what the record holds then. An end is numbered after the latest event that the record holds.
   * @param event what the write is about to be told as; kept for a repetition, unless the end follows from the record
   * @throws PermanentError `run_not_found` as above, `run_not_open` for a run that was never to start
   */
  record(executionId: string, patch: RunPatch, event: LifecycleDraft | null): Promise<Recorded>;
  /** How the run has ended; null while it goes on, and for one without a record. @throws PermanentError `run_not_open` */
  ending(executionId: string): Promise<EndedRun | null>;
  /** The number of the run's next event, by what its record holds; WorkflowStarted counts, whether or not it is out. */
  nextSequence(executionId: string): Promise<number>;
}

/** `end_sequence`: only with the end of the run. */
type RunWrite = RunPatch & Partial<Pick<EndPatch, 'end_sequence'>> & { waits_for?: WaitReason };

interface Write {
  id: string;
  patch: RunWrite;
  event: LifecycleDraft | null;
}

type Stored = Pick<
  RunDocument,
  'status' | 'finished_at' | 'duration_ms' | 'error' | 'actions' | 'last_event' | 'end_sequence'
>;

// A held run that writes has been released: only its record does not say so yet.
const open = ['claimed', 'held', 'running', 'paused'] as const;
/** One request at a time would halve the throughput: the server executes the updates of a request in turn. */
const batching = { requests: 4, items: 100 };
const projection = {
  status: 1,
  finished_at: 1,
  duration_ms: 1,
  error: 1,
  actions: 1,
  last_event: 1,
  end_sequence: 1,
} as const;

export function createRunRecorder(connection: Connection): RunRecorder {
  // The driver's: mongoose would cast every write of every run.
  const runs = collectionFor(runModel(connection));

  const stored = async (id: string): Promise<Stored | null> => {
    const document = await findById(runs, id, projection);
    if (document?.status === 'skipped') {
      throw new PermanentError('run_not_open', `Run "${id}" was never to start: its record says that it is skipped.`);
    }
    return document;
  };

  const nextSequence = async (id: string): Promise<number> => {
    const document = await findById(runs, id, { last_event: 1 });
    return (document?.last_event?.sequence ?? 0) + 1;
  };

  const send = async (writes: Write[]): Promise<(Recorded | Error)[]> => {
    const updates = writes.map(({ id, patch, event }) => ({
      updateOne: {
        filter: { _id: id, status: { $in: [...open] }, ...newer(patch, event) },
        update: { $set: event === null ? patch : { ...patch, last_event: event } },
      },
    }));
    const { matchedCount } = await runs.bulkWrite(updates, { ordered: false });
    if (matchedCount === writes.length) return writes.map(written);
    // The server tells only how many were found; which ones, their records say.
    return Promise.all(
      writes.map(async (write) => {
        try {
          const document = await stored(write.id);
          return document === null ? notFound(write.id) : heldBy(document, write);
        } catch (error) {
          if (error instanceof PermanentError) return error;
          throw error;
        }
      }),
    );
  };
  const write = createBatcher(send, batching);

  const record: RunRecorder['record'] = async (executionId, patch, event) => {
    // The end follows from the record: it needs no copy.
    const kept = event === null || isEnded(patch) ? null : storeValue(event);
    const id = storeText(executionId);
    const fields = storeValue(toFields(patch));
    let outcome = await write({ id, patch: fields, event: kept });
    if (!isEnded(patch)) return outcome;
    // The record holds an event that this writer did not know of: the run was reset, or ended from outside.
    while (outcome.ended === null) {
      outcome = await write({ id, patch: { ...fields, end_sequence: await nextSequence(id) }, event: null });
    }
    return { ...outcome, event };
  };

  return guarded<RunRecorder>({
    async write(executionId, patch) {
      await record(executionId, patch, null);
    },
    record,
    async ending(executionId) {
      const document = await stored(storeText(executionId));
      return document !== null && isEnded(document) ? document : null;
    },
    nextSequence: (executionId) => nextSequence(storeText(executionId)),
  });
}

function toFields(patch: RunWrite): RunWrite {
  const { status, started_at, finished_at, duration_ms, error, actions, reason, interventions } = patch;
  const { end_sequence } = patch;
  const waitsFor = waitReasonOf(patch);
  return {
    status,
    started_at,
    finished_at,
    duration_ms,
    error,
    actions,
    ...(reason !== undefined && { reason }),
    ...(interventions !== undefined && { interventions }),
    ...(end_sequence !== undefined && { end_sequence }),
    ...(waitsFor !== null && { waits_for: waitsFor }),
  };
}

/** What the record may hold for the write to count: nothing later than what is written. */
function newer(patch: RunWrite, event: LifecycleDraft | null): object {
  if (event !== null) return newerThan(event);
  const { end_sequence } = patch;
  if (end_sequence === undefined) return {};
  return { $or: [{ last_event: { $exists: false } }, { 'last_event.sequence': { $lt: end_sequence } }] };
}

/** A run that was reset counts its events anew, and a pause that is decided anew has another token. */
function newerThan(event: LifecycleDraft) {
  const { sequence, reset } = event;
  const token = tokenOf(event);
  return {
    $or: [
      { last_event: { $exists: false } },
      { 'last_event.sequence': { $lt: sequence } },
      { 'last_event.sequence': sequence, 'last_event.correlationToken': { $ne: token } },
      ...(reset === undefined ? [] : [{ 'last_event.reset': { $ne: reset } }]),
    ],
  };
}

function tokenOf(event: LifecycleDraft): string | null {
  return 'correlationToken' in event ? event.correlationToken : null;
}

function notFound(id: string): PermanentError {
  return new PermanentError('run_not_found', `There is no run record "${id}".`);
}

function written({ patch, event }: Write): Recorded {
  return { ended: isEnded(patch) ? patch : null, isNew: isEnded(patch), event };
}

function heldBy(document: Stored, { patch, event }: Write): Recorded {
  const { last_event } = document;
  if (isEnded(document)) {
    const isNew = document.status === patch.status && document.finished_at === patch.finished_at;
    return { ended: document, isNew, event: null };
  }
  const isKept = last_event?.sequence === event?.sequence && last_event?.reset === event?.reset;
  return { ended: null, isNew: false, event: isKept ? (last_event ?? null) : null };
}
