/** Workflows that earlier code began must go on with present code: see docs/evolution.md. */
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { beforeAll, describe, expect, it } from 'vitest';
import { actionCatalog } from '#libs/domain/actions/action-catalog.ts';
import type { RunInput } from '#libs/domain/runs/run.ts';
import { defaultPayloadConverter } from '@temporalio/common';
import * as workflows from '#temporal/workflows/index.ts';
import { Recording } from '../workflow/recording-activities.ts';
import { workflowBundle } from '../workflow/run-harness.ts';
import { readHistory, recordedNames, type History } from './histories.ts';
import { shapes } from './shapes.ts';

const names = await recordedNames();
beforeAll(() => void Runtime.install({ logger: new DefaultLogger('ERROR') }));

async function replay(history: History): Promise<void> {
  const { sinks } = new Recording();
  await Worker.runReplayHistory({ workflowBundle: workflowBundle(), sinks }, history);
}

function startOf({ events }: History) {
  const start = events?.[0]?.workflowExecutionStartedEventAttributes;
  const payload = start?.input?.payloads?.[0];
  const input = payload === undefined ? undefined : defaultPayloadConverter.fromPayload<Partial<RunInput>>(payload);
  return { workflow: start?.workflowType?.name ?? '', actions: input?.rule?.actions.map(({ type }) => type) ?? [] };
}

describe('a workflow that began earlier', () => {
  it.each(names)('goes on: %s', async (name) => {
    await expect(replay(await readHistory(name))).resolves.toBeUndefined();
  });

  it('does not when the code asks for another activity than it did', async () => {
    const history = await readHistory('calls');
    for (const { activityTaskScheduledEventAttributes: scheduled } of history.events ?? []) {
      if (scheduled?.activityType) scheduled.activityType.name = 'whatItWasBefore';
    }
    await expect(replay(history)).rejects.toBeInstanceOf(DeterminismViolationError);
  });
});

describe('the recorded histories', () => {
  it('hold every shape, action and workflow', async () => {
    const starts = await Promise.all(names.map(async (name) => startOf(await readHistory(name))));
    expect(names).toEqual(expect.arrayContaining(Object.keys(shapes)));
    expect(new Set(starts.flatMap(({ actions }) => actions))).toEqual(
      new Set([...actionCatalog.map(({ type }) => type), 'fax.send']),
    );
    expect(new Set(starts.map(({ workflow }) => workflow))).toEqual(new Set(Object.keys(workflows)));
  });
});
