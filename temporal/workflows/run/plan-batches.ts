/** Which actions of a chain go together into one activity, and what they are called in the Temporal UI. */
import { SignalboxError } from '#libs/domain/errors/errors.ts';
import type { RuleAction } from '#libs/domain/rules/rule.ts';
import { firstRunId, idempotencyKey, type RunAction, type RunInput } from '#libs/domain/runs/run.ts';
import type { BatchedCall, CarriedContext, ActionTarget, BatchedAction } from '#temporal/contract/activities.ts';
import { countBytes, carried } from './carried-context.ts';
import { findHandler } from '../actions/registry.ts';
import { shorten } from '#libs/domain/values/shorten.ts';

export interface WriteBatch {
  steps: BatchedAction[];
  /** `1–3/3 customer.set_status vip, …` */
  summary: string;
}

export interface CallBatch {
  calls: [BatchedCall, ...BatchedCall[]];
  /** For those whose bodies need it; absent when none does. */
  context?: CarriedContext;
  /** `1–3/3 webhook.send hooks.example.com, …` */
  summary: string;
}

/** The server takes 400 bytes, and a character may be four. */
const maxSummaryLength = 100;

/** The own writes from this action on, up to the first action that waits; null when this one is none. */
export function planWriteBatch(input: RunInput, from: number): WriteBatch | null {
  const steps = together(input, from, toBatchedAction);
  return steps.length === 0 ? null : { steps, summary: buildSummary(input.rule.actions, from, steps.length) };
}

/** As JSON. Temporal takes 2 MB, and what the run has to tell before and after its calls goes with them. */
const maxCallBytes = 524_288;

/**
 * The calls from this action on, up to the first action of another kind, and as many as Temporal takes at once; null
 * when this one is none.
 */
export function planCallBatch(input: RunInput, from: number): CallBatch | null {
  const [first, ...others] = together(input, from, toBatchedCall);
  if (first === undefined) return null;
  const calls: CallBatch['calls'] = [first];
  let bytes = countBytes(first);
  for (const call of others) {
    bytes += countBytes(call);
    if (bytes > maxCallBytes) break;
    calls.push(call);
  }
  const needsContext = calls.some(({ input: { target } }) => target?.needsContext === true);
  return {
    calls,
    ...(needsContext && { context: carried(input.context) }),
    summary: buildSummary(input.rule.actions, from, calls.length),
  };
}

/** What `stepOf` makes of the actions from this one on, up to the first it makes nothing of. */
function together<Step>(
  input: RunInput,
  from: number,
  stepOf: (action: RunAction, input: RunInput, index: number) => Step | null,
): Step[] {
  const steps: Step[] = [];
  for (const [index, action] of input.rule.actions.entries()) {
    if (index < from) continue;
    const step = nullWhenInvalid(() => stepOf(action, input, index));
    if (step === null) break;
    steps.push(step);
  }
  return steps;
}

function toBatchedAction({ type, params, issue }: RunAction, input: RunInput, index: number): BatchedAction | null {
  const step = findHandler(type);
  if (step?.kind === 'disabled') return { index, type, call: null };
  if (step?.kind !== 'effect' || issue !== undefined) return null;
  return { index, type, call: step.effect(params, toActionTarget(input, index)) };
}

function toBatchedCall({ type, params, issue }: RunAction, input: RunInput, index: number): BatchedCall | null {
  const step = findHandler(type);
  if (step?.kind !== 'call' || issue !== undefined) return null;
  return { index, type, input: step.call(params, toActionTarget(input, index), input.context) };
}

/** Null also for params it cannot be executed with: by itself, the action fails with what is wrong. */
function nullWhenInvalid<Step>(stepOf: () => Step | null): Step | null {
  try {
    return stepOf();
  } catch (error) {
    if (error instanceof SignalboxError) return null;
    throw error;
  }
}

export function toActionTarget(input: RunInput, index: number): ActionTarget {
  const { rule, executionId, event, customerId, login } = input;
  return {
    key: idempotencyKey(firstRunId(input), index),
    executionId,
    tenant: input.context.brand,
    ruleId: rule.id,
    ruleName: rule.name,
    eventId: event.id,
    customerId,
    login,
    ...(event.causation.length > 0 && { causation: event.causation }),
  };
}

/** @param count how many actions from the first on */
export function buildSummary(actions: readonly RuleAction[], first: number, count = 1): string {
  const names = actions.slice(first, first + count).map(({ type, params }) => {
    const hint = findHandler(type)?.hint?.(params) ?? '';
    return hint === '' ? type : `${type} ${hint}`;
  });
  const numbers = count === 1 ? `${first + 1}` : `${first + 1}–${first + count}`;
  const summary = `${numbers}/${actions.length} ${names.join(', ')}`;
  return shorten(summary, maxSummaryLength);
}
