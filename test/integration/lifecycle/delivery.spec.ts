/** How events come to handlers: in order, one handler apart from the other, and at least once. */
import { Inject } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import { OnWorkflowEvent, type WorkflowEventHandler } from '#libs/lifecycle/handlers/on-workflow-event.ts';
import type { WorkflowEventsOptions } from '#libs/lifecycle/handlers/options.ts';
import { WorkflowCompleted, WorkflowStarted } from '#libs/lifecycle/handlers/workflow-event.ts';
import { toCloudEvent } from '#libs/lifecycle/publisher.ts';
import { until } from '../../support/ingress.ts';
import { LifecycleWorld, TestRun, type Subscriber } from '../../support/lifecycle.ts';
import { uniqueName } from '../../support/servers.ts';

type Event = WorkflowStarted | WorkflowCompleted;
type Work = (event: Event, signal: AbortSignal) => Promise<void>;

interface Call {
  handler: 'First' | 'Second';
  event: Event;
  signal: AbortSignal;
  isDone: boolean;
}

/** What the handlers of a test do, and what they were called with. */
class Script {
  readonly calls: Call[] = [];
  readonly #work: { First?: Work; Second?: Work };

  constructor(work: { First?: Work; Second?: Work }) {
    this.#work = work;
  }

  async execute(handler: Call['handler'], event: Event, signal: AbortSignal): Promise<void> {
    const call = { handler, event, signal, isDone: false };
    this.calls.push(call);
    await this.#work[handler]?.(event, signal);
    call.isDone = true;
  }

  /** Of one run, in the order in which they began. */
  of({ executionId }: TestRun): string[] {
    const own = this.calls.filter(({ event }) => event.executionId === executionId);
    return own.map(({ handler, event }) => `${handler} ${event.eventType}`);
  }

  count(handler: Call['handler'], { executionId }: TestRun): number {
    return this.calls.filter((call) => call.handler === handler && call.event.executionId === executionId).length;
  }
}

@OnWorkflowEvent(WorkflowStarted, WorkflowCompleted)
class First implements WorkflowEventHandler<Event> {
  readonly #script: Script;

  constructor(@Inject(Script) script: Script) {
    this.#script = script;
  }

  handle(event: Event, signal: AbortSignal): Promise<void> {
    return this.#script.execute('First', event, signal);
  }
}

@OnWorkflowEvent(WorkflowStarted, WorkflowCompleted)
class Second implements WorkflowEventHandler<Event> {
  readonly #script: Script;

  constructor(@Inject(Script) script: Script) {
    this.#script = script;
  }

  handle(event: Event, signal: AbortSignal): Promise<void> {
    return this.#script.execute('Second', event, signal);
  }
}

/** Opened by hand. */
class Gate {
  open: () => void = () => undefined;
  readonly opened = new Promise<void>((resolve) => (this.open = resolve));
}

let world: LifecycleWorld;

beforeAll(async () => {
  world = await LifecycleWorld.create();
});

afterAll(() => world.close());

function subscribe(script: Script, more: Partial<WorkflowEventsOptions> = {}): Promise<Subscriber> {
  return world.subscribe([{ provide: Script, useValue: script }, First, Second], more);
}

/** Rejects when the signal says so, as a handler that listens to it does. */
function untilTold(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

describe('order', () => {
  it('R-349 keeps the events of a run in order, the handlers in that of their registration, and other runs going', async () => {
    const [slow, other] = [new TestRun(), new TestRun()];
    const gate = new Gate();
    const script = new Script({
      First: (event) =>
        event.executionId === slow.executionId && event.eventType === 'WorkflowStarted'
          ? gate.opened
          : Promise.resolve(),
    });
    const groupId = uniqueName('subscriber');
    await world.publish(slow.started());
    await world.publish(other.started(), other.completed());
    await world.publish(slow.completed());
    const subscriber = await subscribe(script, { groupId });
    const all = [
      'First WorkflowStarted',
      'Second WorkflowStarted',
      'First WorkflowCompleted',
      'Second WorkflowCompleted',
    ];
    await expect.poll(() => script.of(other)).toEqual(all);
    expect(script.of(slow)).toEqual(['First WorkflowStarted']);
    expect(await world.behind(groupId)).toBeGreaterThanOrEqual(4);
    gate.open();
    await world.drained(subscriber);
    expect(script.of(slow)).toEqual(all);
    await subscriber.stop();
  });

  it('R-349 keeps it while members of the group come and go, and passes nothing over', async () => {
    const wide = await LifecycleWorld.create(4);
    const script = new Script({ First: () => sleep(5) });
    const runs = Array.from({ length: 100 }, () => new TestRun());
    const groupId = uniqueName('subscriber');
    const providers = [{ provide: Script, useValue: script }, First];
    try {
      for (const run of runs) await wide.publish(run.started());
      for (const run of runs) await wide.publish(run.completed());
      const one = await wide.subscribe(providers, { groupId, concurrency: 4 });
      await until('some are done', () => script.calls.length > 20);
      const other = await wide.subscribe(providers, { groupId, concurrency: 4 });
      await until('the other has joined', () => other.logs.some(({ msg }) => msg === 'joined the consumer group'));
      await one.stop();
      await wide.drained({ groupId });
      for (const run of runs) {
        const done = script.calls.filter(({ event, isDone }) => isDone && event.executionId === run.executionId);
        const types = done.map(({ event }) => event.eventType);
        expect(types.indexOf('WorkflowStarted')).toBe(0);
        expect(types).toContain('WorkflowCompleted');
      }
    } finally {
      await wide.close();
    }
  });
});

describe('a handler that fails', () => {
  it('R-349 is called again alone, after the others, and holds up no other run', async () => {
    const [failing, other] = [new TestRun(), new TestRun()];
    const script = new Script({
      First: async (event) => {
        if (event.executionId !== failing.executionId || script.count('First', failing) === 3) return;
        throw new Error('not yet');
      },
    });
    await world.publish(failing.started());
    await world.publish(other.started());
    const subscriber = await subscribe(script);
    await world.drained(subscriber);
    const again = 'First WorkflowStarted';
    expect(script.of(failing)).toEqual([again, 'Second WorkflowStarted', again, again]);
    const of = ({ executionId }: TestRun) =>
      script.calls.findLastIndex(({ event }) => event.executionId === executionId);
    expect(of(other)).toBeLessThan(of(failing));
    await subscriber.stop();
  });

  it('R-349 has a dead letter in the end, which says where the event is and hides secrets, and the rest goes on', async () => {
    const own = await LifecycleWorld.create();
    const run = new TestRun();
    const secret = 'pQ4xT9vLm2RkS7wZy8NcB1dH';
    const script = new Script({
      First: async ({ eventType }) => {
        if (eventType !== 'WorkflowStarted') return;
        throw Object.assign(new Error(`refused: Authorization: Bearer ${secret}`), { config: { data: 'the payload' } });
      },
    });
    try {
      await own.publish(run.started({ triggerPayload: { note: 'kept for nobody' } }), run.completed());
      const subscriber = await own.subscribe([{ provide: Script, useValue: script }, First, Second]);
      await own.drained(subscriber);
      expect(script.of(run)).toEqual([
        'First WorkflowStarted',
        'Second WorkflowStarted',
        'First WorkflowStarted',
        'First WorkflowStarted',
        'First WorkflowCompleted',
        'Second WorkflowCompleted',
      ]);
      const [letter] = await own.deadLetters(1);
      expect(await own.countDeadLetters()).toBe(1);
      expect(letter).toMatchObject({ key: run.executionId });
      expect(JSON.parse(letter!.value)).toMatchObject({ type: 'WorkflowStarted', subject: run.executionId });
      expect(letter!.headers).toMatchObject({
        'dead-letter.reason': 'handler_failed',
        'dead-letter.group': subscriber.groupId,
        'dead-letter.handler': 'First',
        'dead-letter.topic': own.topic,
        'dead-letter.partition': '0',
        'dead-letter.offset': '0',
        'dead-letter.message': expect.stringContaining('First failed 3 times: refused: Authorization: Bearer ***'),
        'original.content-type': expect.stringContaining('application/cloudevents+json'),
      });
      const said = JSON.stringify([letter!.headers, subscriber.logs]);
      for (const hidden of [secret, 'the payload', 'kept for nobody']) expect(said).not.toContain(hidden);
      expect(subscriber.logs.map(({ msg }) => msg).join()).toContain('a handler of workflow events failed');
    } finally {
      await own.close();
    }
  });

  it('R-349 is not called again when it says that this is of no use', async () => {
    const own = await LifecycleWorld.create();
    const run = new TestRun();
    const script = new Script({ First: () => Promise.reject(new PermanentError('webhook_not_found', 'gone')) });
    try {
      await own.publish(run.started());
      await own.drained(await own.subscribe([{ provide: Script, useValue: script }, First]));
      expect(script.count('First', run)).toBe(1);
      const [letter] = await own.deadLetters(1);
      expect(letter?.headers).toMatchObject({ 'dead-letter.reason': 'webhook_not_found' });
    } finally {
      await own.close();
    }
  });

  it('R-343 R-349 is told when its time is over, and counts as failed also when it does not listen', async () => {
    const own = await LifecycleWorld.create();
    const [listening, deaf] = [new TestRun(), new TestRun()];
    const script = new Script({
      First: ({ executionId, eventType }, signal) => {
        if (eventType === 'WorkflowCompleted') return Promise.resolve();
        return executionId === listening.executionId ? untilTold(signal) : new Promise(() => {});
      },
    });
    try {
      await own.publish(listening.started(), listening.completed());
      await own.publish(deaf.started(), deaf.completed());
      const subscriber = await own.subscribe([{ provide: Script, useValue: script }, First, Second], {
        handlerTimeoutMs: 100,
        retry: { attempts: 2, firstPauseMs: 10 },
      });
      await own.drained(subscriber);
      for (const run of [listening, deaf]) {
        const started = script.calls.filter(
          ({ handler, event: { executionId, eventType } }) =>
            handler === 'First' && executionId === run.executionId && eventType === 'WorkflowStarted',
        );
        expect(started.map(({ signal }) => signal.aborted)).toEqual([true, true]);
        expect(script.of(run).at(-1)).toBe('Second WorkflowCompleted');
      }
      const letters = await own.deadLetters(2);
      expect(letters.map(({ key }) => key).sort()).toEqual([listening.executionId, deaf.executionId].sort());
      for (const { headers } of letters) {
        expect(headers['dead-letter.message']).toBe('First failed 2 times: the handler did not end within 100 ms');
      }
    } finally {
      await own.close();
    }
  });
});

it('R-349 stays a member of its group while handlers take longer than the group waits for a silent one', async () => {
  const run = new TestRun();
  const own = await LifecycleWorld.create();
  // Longer than the session of a member, and with all of the next messages waiting for it.
  const script = new Script({
    First: ({ executionId }) => (executionId === run.executionId ? sleep(14_000) : Promise.resolve()),
  });
  try {
    await own.publish(run.started());
    await own.publish(new TestRun().started());
    const subscriber = await own.subscribe([{ provide: Script, useValue: script }, First], { maxAhead: 1 });
    await own.drained(subscriber);
    expect(script.calls.length).toBe(2);
    expect(subscriber.logs.filter(({ msg }) => msg === 'joined the consumer group').length).toBe(1);
  } finally {
    await own.close();
  }
});

it('R-349 sends what it cannot read to the dead letters, takes both forms of CloudEvents, and goes on', async () => {
  const own = await LifecycleWorld.create();
  const run = new TestRun();
  const script = new Script({});
  const [started, completed] = [toCloudEvent(run.started()), toCloudEvent(run.completed())];
  const { data, datacontenttype, ...attributes } = completed;
  const ce = Object.entries(attributes).map(([name, value]) => [`ce_${name}`, value]);
  const key = run.executionId;
  try {
    await own.publishRaw(
      { key, value: '{"broken' },
      { key, value: null },
      { key, value: JSON.stringify({ ...started, data: { ...started.data, startedAt: 'yesterday' } }) },
      { key, value: JSON.stringify({ ...started, subject: 'another' }) },
      // What a later build adds.
      { key, value: JSON.stringify({ ...started, traceparent: 'x', data: { ...started.data, added: 1 } }) },
      { key, value: JSON.stringify(data), headers: { ...Object.fromEntries(ce), 'content-type': datacontenttype } },
    );
    const subscriber = await own.subscribe([{ provide: Script, useValue: script }, First]);
    await own.drained(subscriber);
    expect(script.of(run)).toEqual(['First WorkflowStarted', 'First WorkflowCompleted']);
    const letters = await own.deadLetters(4);
    expect(await own.countDeadLetters()).toBe(4);
    expect(letters.map(({ headers }) => headers['dead-letter.reason'])).toEqual([
      'not_json',
      'not_json',
      'invalid_event',
      'invalid_event',
    ]);
    expect(letters.map(({ headers }) => headers['dead-letter.offset'])).toEqual(['0', '1', '2', '3']);
    expect(letters[2]?.headers['dead-letter.message']).toContain('data.startedAt');
    expect(letters[0]?.headers['dead-letter.group']).toBe(subscriber.groupId);
  } finally {
    await own.close();
  }
});

describe('the end of a service', () => {
  it('R-343 R-349 waits for handlers, then tells them, and commits only what is done', async () => {
    const own = await LifecycleWorld.create();
    const [ends, hangs, behind] = [new TestRun(), new TestRun(), new TestRun()];
    const gate = new Gate();
    const groupId = uniqueName('subscriber');
    const script = new Script({
      First: ({ executionId }, signal) => (executionId === ends.executionId ? gate.opened : untilTold(signal)),
    });
    try {
      await own.publish(ends.started());
      await own.publish(hangs.started());
      const subscriber = await own.subscribe([{ provide: Script, useValue: script }, First], {
        groupId,
        shutdownGraceMs: 500,
      });
      await until('both are under way', () => script.calls.length === 2);
      const stopping = subscriber.stop();
      await own.publish(behind.started());
      gate.open();
      await stopping;
      expect(script.calls.map(({ isDone }) => isDone)).toEqual([true, false]);
      expect(script.calls[1]?.signal.aborted).toBe(true);
      expect(await own.behind(groupId)).toBe(2);
      expect(await own.countDeadLetters()).toBe(0);

      const next = new Script({});
      await own.drained(await own.subscribe([{ provide: Script, useValue: next }, First], { groupId }));
      expect(next.calls.map(({ event }) => event.executionId)).toEqual([hangs.executionId, behind.executionId]);
    } finally {
      await own.close();
    }
  });
});
