import { expect, it } from 'vitest';
import { WorkUnderWay } from './work-under-way.ts';

const never = new AbortController().signal;

it('knows of work that began or ended since a moment', async () => {
  const work = new WorkUnderWay();
  const moment = work.moment;
  expect(work.wasNoneSince(moment)).toBe(true);
  let end: () => void = () => {};
  const tracked = work.track(new Promise((resolve) => (end = resolve)));
  expect(work.wasNoneSince(moment)).toBe(false);
  end();
  await tracked;
  expect(work.wasNoneSince(moment)).toBe(false);
  expect(work.wasNoneSince(work.moment)).toBe(true);
});

it('waits for what is under way, also when it fails', async () => {
  const work = new WorkUnderWay();
  let fail: (error: Error) => void = () => {};
  const tracked = work.track(new Promise((_, reject) => (fail = reject))).catch(() => 'failed');
  const ended = work.ended(never);
  fail(new Error('it fails'));
  await ended;
  expect(await tracked).toBe('failed');
});

it('stops waiting when it is told to', async () => {
  const work = new WorkUnderWay();
  void work.track(new Promise(() => {}));
  const stop = new AbortController();
  const ended = work.ended(stop.signal);
  stop.abort(new Error('no longer ours'));
  await expect(ended).rejects.toThrow('no longer ours');
});
