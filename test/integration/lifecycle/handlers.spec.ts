/** How a service subscribes: classes, types, instances and what they are given. */
import { Inject, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { OnWorkflowEvent, type WorkflowEventHandler } from '#libs/lifecycle/handlers/on-workflow-event.ts';
import {
  WorkflowCompleted,
  WorkflowFailed,
  WorkflowPaused,
  WorkflowResumed,
  WorkflowStarted,
  type AnyWorkflowEvent,
} from '#libs/lifecycle/handlers/workflow-event.ts';
import { WorkflowEventsModule } from '#libs/lifecycle/handlers/workflow-events.module.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { LifecycleWorld, TestRun } from '../../support/lifecycle.ts';
import { uniqueName } from '../../support/servers.ts';

let world: LifecycleWorld;

beforeAll(async () => {
  world = await LifecycleWorld.create();
});

afterAll(() => world.close());

/** What handlers are injected with here: it remembers who was given what. */
class Notes {
  readonly all: { by: object; event: AnyWorkflowEvent }[] = [];

  /** Of events of one run. */
  of(run: TestRun): string[] {
    return this.all.filter(({ event }) => event.executionId === run.executionId).map(({ event }) => event.eventType);
  }
}

@OnWorkflowEvent(WorkflowCompleted)
class OnCompleted implements WorkflowEventHandler<WorkflowCompleted> {
  readonly #notes: Notes;

  constructor(@Inject(Notes) notes: Notes) {
    this.#notes = notes;
  }

  async handle(event: WorkflowCompleted): Promise<void> {
    this.#notes.all.push({ by: this, event });
  }
}

@OnWorkflowEvent(WorkflowStarted, WorkflowFailed, WorkflowStarted)
class OnStartAndFailure implements WorkflowEventHandler<WorkflowStarted | WorkflowFailed> {
  readonly #notes: Notes;

  constructor(@Inject(Notes) notes: Notes) {
    this.#notes = notes;
  }

  async handle(event: WorkflowStarted | WorkflowFailed): Promise<void> {
    this.#notes.all.push({ by: this, event });
  }
}

@Injectable()
@OnWorkflowEvent(WorkflowStarted, WorkflowCompleted, WorkflowFailed, WorkflowPaused, WorkflowResumed)
class OnAll implements WorkflowEventHandler<AnyWorkflowEvent> {
  readonly #notes: Notes;

  constructor(@Inject(Notes) notes: Notes) {
    this.#notes = notes;
  }

  async handle(event: AnyWorkflowEvent): Promise<void> {
    this.#notes.all.push({ by: this, event });
  }
}

/** All five. */
async function publishRun(): Promise<TestRun> {
  const run = new TestRun();
  await world.publish(run.started(), run.paused(), run.resumed(), run.failed(), run.completed());
  return run;
}

it('R-339 R-344 R-345 calls a handler that was only added to the providers, with what it needs, for its type', async () => {
  const run = await publishRun();
  const subscriber = await world.subscribe([Notes, OnCompleted]);
  await world.drained(subscriber);
  const notes = subscriber.app.get(Notes);
  expect(notes.of(run)).toEqual(['WorkflowCompleted']);
  const { event } = notes.all.find(({ event }) => event.executionId === run.executionId)!;
  expect(event).toBeInstanceOf(WorkflowCompleted);
  expect(event).toMatchObject({ processId: 'rule-1', tenantId: 'acme', durationMs: 1834, status: 'success' });
  expect(Object.isFrozen(event)).toBe(true);
});

it.each([
  ['R-340', [OnStartAndFailure], ['WorkflowStarted', 'WorkflowFailed']],
  ['R-342', [OnAll], ['WorkflowStarted', 'WorkflowPaused', 'WorkflowResumed', 'WorkflowFailed', 'WorkflowCompleted']],
  ['R-342', [OnCompleted, OnStartAndFailure], ['WorkflowStarted', 'WorkflowFailed', 'WorkflowCompleted']],
])('%s calls each handler for every type that it names, once, and for no other', async (_, handlers, types) => {
  const run = await publishRun();
  const subscriber = await world.subscribe([Notes, ...handlers]);
  await world.drained(subscriber);
  expect(subscriber.app.get(Notes).of(run)).toEqual(types);
});

it.each([
  ['a handler', OnStartAndFailure],
  ['one that is also injectable', OnAll],
])('R-341 makes %s anew for each delivery', async (_, handler) => {
  await publishRun();
  const subscriber = await world.subscribe([Notes, handler]);
  await world.drained(subscriber);
  const makers = subscriber.app.get(Notes).all.map(({ by }) => by);
  expect(makers.length).toBeGreaterThan(1);
  expect(new Set(makers).size).toBe(makers.length);
  for (const by of makers) expect(by).toBeInstanceOf(handler);
});

it('takes options from other providers', async () => {
  const groupId = uniqueName('subscriber');
  const log = createLogger('subscriber', 'silent');
  const events = WorkflowEventsModule.forRootAsync({ useFactory: () => ({ ...world.options(groupId), log }) });
  @Module({})
  class Async {}
  const module = { module: Async, imports: [events], providers: [Notes, OnCompleted] };
  const app = await NestFactory.createApplicationContext(module, { logger: false });
  try {
    const run = await publishRun();
    await world.drained({ groupId });
    expect(app.get(Notes).of(run)).toEqual(['WorkflowCompleted']);
  } finally {
    await app.close();
  }
});

it.each([
  ['a value', { provide: 'handler', useValue: new OnCompleted(new Notes()) }, /value or a factory/],
  ['a factory', { provide: 'handler', useFactory: () => new OnCompleted(new Notes()) }, /value or a factory/],
])('refuses to start with a handler that is %s, since no other instance can be made', async (_, provider, why) => {
  await expect(world.subscribe([provider])).rejects.toThrow(why);
});

it('refuses options that are wrong, and says which', async () => {
  const options = { ...world.options('g'), concurrency: 0, groupId: '' };
  await expect(world.subscribe([Notes, OnCompleted], options)).rejects.toThrow(/groupId .*concurrency /);
});
