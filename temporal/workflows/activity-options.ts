/** How often and how long each kind of step is tried. The error's class decides whether it is tried again at all. */
import { ActivityCancellationType, type ActivityOptions, type LocalActivityOptions } from '@temporalio/workflow';
import type { TryPolicy } from './run/tries.ts';

/** A cancelled run waits for what is under way: what has happened must stand in its record. */
const cancellationType = ActivityCancellationType.WAIT_CANCELLATION_COMPLETED;

/**
 * Writes to our own store and topic. They are tried for ever: a run must not lose a step because the store was away.
 * A pause of more than the threshold becomes a timer on the server, so a long outage does not hold workflow tasks open.
 */
const ownWriteOptions = {
  cancellationType,
  startToCloseTimeout: '10s',
  localRetryThreshold: '2s',
  retry: { initialInterval: '100ms', backoffCoefficient: 2, maximumInterval: '15s' },
} satisfies LocalActivityOptions;

export const recordOptions: LocalActivityOptions = ownWriteOptions;

/** As long as many writes to a slow store take. */
export const writeBatchOptions: LocalActivityOptions = { ...ownWriteOptions, startToCloseTimeout: '1m' };

/** Actions of our own; given up after a day, since an operator then has to look anyway. */
export const stateChangeOptions: LocalActivityOptions = { ...ownWriteOptions, scheduleToCloseTimeout: '1 day' };

/** Time beyond a request's own timeout before an attempt counts as lost, with the worker that made it. */
export const callBatchSlackMs = 10_000;

/**
 * Temporal repeats what was lost with its worker, and what could not begin because something of ours was away: for as
 * long as that lasts. It repeats no call that has failed; that is for `callTries`.
 */
const ownOutages = { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' } as const;

export const callBatchOptions = {
  cancellationType,
  startToCloseTimeout: 30_000 + callBatchSlackMs,
  retry: ownOutages,
} satisfies ActivityOptions;

export const callTryPolicy: TryPolicy = {
  firstPauseMs: 1_000,
  maxPauseMs: 30_000,
  unansweredPauseMs: 0,
  maxTries: 5,
};

/**
 * Messages to customers. A mail server may put a stranger off for half an hour (greylisting), a provider may be away:
 * they are tried for a day. Those that may have been delivered are not: see `MESSAGE_MAX_UNANSWERED`.
 */
export const messageTryPolicy: TryPolicy = {
  firstPauseMs: 2_000,
  maxPauseMs: 600_000,
  unansweredPauseMs: 60_000,
  forMs: 86_400_000,
};

/** A mail server may think about a mail for as long as the configuration says; a lost worker shows sooner. */
export const mailOptions: ActivityOptions = {
  cancellationType,
  startToCloseTimeout: '2h',
  heartbeatTimeout: '1m',
  retry: ownOutages,
};

export const smsOptions: ActivityOptions = { cancellationType, startToCloseTimeout: '1m', retry: ownOutages };

/** A look through all customers may take long; what fails here is found by the next look. */
export const detectorOptions = {
  startToCloseTimeout: '1h',
  heartbeatTimeout: '2m',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s', maximumAttempts: 5 },
} satisfies ActivityOptions;

/** It may wait for its turn, and read for long. */
export const backtestOptions = {
  startToCloseTimeout: '6h',
  heartbeatTimeout: '30s',
  cancellationType: ActivityCancellationType.TRY_CANCEL,
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s', maximumAttempts: 5 },
} satisfies ActivityOptions;

/** Looks through what Temporal closed lately. The schedule starts another one soon: what fails here is done then. */
export const reconcileOptions = {
  startToCloseTimeout: '10m',
  heartbeatTimeout: '1m',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s', maximumAttempts: 5 },
} satisfies ActivityOptions;

/**
 * An attempt at a subscription is made by the activity, which fails only where something of ours is away. It may send
 * several events, one after the other; a lost worker shows by its heartbeats.
 */
export const deliveryOptions = {
  startToCloseTimeout: '10m',
  heartbeatTimeout: '20s',
  retry: ownOutages,
} satisfies ActivityOptions;

/** An operation goes on for as long as something of ours is away. */
export const bulkOptions = {
  startToCloseTimeout: '10m',
  heartbeatTimeout: '10s',
  retry: ownOutages,
} satisfies ActivityOptions;
