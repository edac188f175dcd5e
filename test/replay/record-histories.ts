/** `npm run record-histories`: records the shapes that have no history yet. Those that have one keep it. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { timeSkippingEnvironment } from '../workflow/run-harness.ts';
import { readHistory, recordedNames, writeHistory } from './histories.ts';
import { shapes } from './shapes.ts';

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await timeSkippingEnvironment();
});
afterAll(() => environment.teardown());

const recorded = await recordedNames();
const names = Object.keys(shapes);

it.each(names.filter((name) => !recorded.includes(name)))('%s', async (name) => {
  const handle = await shapes[name]!(environment);
  await writeHistory(name, await handle.fetchHistory());
  expect((await readHistory(name)).events?.length).toBeGreaterThan(3);
});

it('leaves no shape without a history', async () => {
  expect(await recordedNames()).toEqual(expect.arrayContaining(names));
});
