/** Pages that follow what happens, over connections that are cut and in several tabs. */
import type { Page, Request } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sessionToken } from '../../support/api.ts';
import { ConsoleWorld } from '../../support/console.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';

let world: ConsoleWorld;
beforeAll(async () => {
  world = await ConsoleWorld.create();
});
afterAll(async () => {
  await world?.close();
});

const isStream = (request: Request): boolean => new URL(request.url()).pathname === '/api/workflow/events';
const isList = (request: Request): boolean => new URL(request.url()).pathname === '/api/workflow/runs';
const row = (page: Page, id: string) =>
  page.getByRole('region', { name: 'Runs' }).getByRole('row').filter({ hasText: id });

/** @returns its event id, by which the list shows it */
async function endedRun(): Promise<string> {
  const input = await world.runs.claim([{ type: 'add_note', params: { body: 'Hello.' } }]);
  await (await world.runs.start(input)).result();
  return input.event.id;
}

async function openRuns(page: Page, url = world.api.url): Promise<void> {
  const stream = page.waitForResponse((response) => isStream(response.request()));
  await page.goto(`${url}/console/runs#token=${await sessionToken('SESSION_ADMIN')}`);
  await page.getByRole('heading', { name: 'Runs' }).waitFor();
  expect((await stream).status()).toBe(200);
}

it('shows what has happened at once, and hardly asks by the clock', async () => {
  const page = await world.openWithout();
  await openRuns(page);
  const asked: number[] = [];
  page.on('request', (request) => isList(request) && asked.push(Date.now()));
  const late: number[] = [];
  for (let run = 0; run < 4; run += 1) {
    const id = await endedRun();
    const before = Date.now();
    await row(page, id).filter({ hasText: 'completed' }).waitFor();
    late.push(Date.now() - before);
  }
  // By the clock it takes fifteen seconds.
  expect(Math.max(...late)).toBeLessThan(10_000);
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.length).toBeLessThan(12);
});

it('misses nothing when a connection that was cut comes back', async () => {
  const proxy = await startTcpProxy(new URL(world.api.url).host);
  try {
    const page = await world.openWithout();
    await openRuns(page, `http://${proxy.address}`);
    // The first may be there because of the opening; the second came with its event.
    for (let run = 0; run < 2; run += 1)
      await row(page, await endedRun())
        .filter({ hasText: 'completed' })
        .waitFor();
    await proxy.cut();
    const missed = await endedRun();
    const again = page.waitForRequest(isStream);
    await proxy.restore();
    await row(page, missed).filter({ hasText: 'completed' }).waitFor();
    expect((await again).headers()['last-event-id']).toMatch(/./);
  } finally {
    await proxy.close();
  }
});

it('has one stream for all tabs of a person, which another takes over', async () => {
  const first = await world.openWithout();
  await openRuns(first);
  const second = await first.context().newPage();
  const streams: Request[] = [];
  second.on('request', (request) => isStream(request) && streams.push(request));
  await second.goto(`${world.api.url}/console/runs#token=${await sessionToken('SESSION_ADMIN')}`);
  await second.getByRole('heading', { name: 'Runs' }).waitFor();
  // The first may be there because of the opening; the second came with its event, and with its position.
  for (let run = 0; run < 2; run += 1)
    await row(second, await endedRun())
      .filter({ hasText: 'completed' })
      .waitFor();
  expect(streams).toEqual([]);
  const takenOver = second.waitForRequest(isStream);
  await first.close();
  expect((await takenOver).headers()['last-event-id']).toMatch(/./);
  await row(second, await endedRun())
    .filter({ hasText: 'completed' })
    .waitFor();
});
