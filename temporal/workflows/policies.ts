/** How often and how long each kind of step is tried. The error's class decides whether it is tried again at all. */
import { ActivityCancellationType, type ActivityOptions, type LocalActivityOptions } from '@temporalio/workflow';

/** A cancelled run waits for what is under way: what has happened must stand in its record. */
const cancellationType = ActivityCancellationType.WAIT_CANCELLATION_COMPLETED;

/**
 * Writes to our own store and topic. They are tried for ever: a run must not lose a step because the store was away.
 * A pause of more than the threshold becomes a timer on the server, so a long outage does not hold workflow tasks open.
 */
const ownWrites = {
  cancellationType,
  startToCloseTimeout: '10s',
  localRetryThreshold: '2s',
  retry: { initialInterval: '100ms', backoffCoefficient: 2, maximumInterval: '15s' },
} satisfies LocalActivityOptions;

export const recordPolicy: LocalActivityOptions = ownWrites;

/**
 * The same for what a command of a person leads to: scheduled by the server, so that the command is durable before
 * anything of it is written or told. A local activity runs before the workflow task that took the command is reported, and
 * a worker that dies then takes the command along.
 */
export const durablePolicy: ActivityOptions = {
  cancellationType,
  startToCloseTimeout: '10s',
  retry: ownWrites.retry,
};

/** As long as many writes to a slow store take. */
export const stretchPolicy: LocalActivityOptions = { ...ownWrites, startToCloseTimeout: '1m' };

/** Actions of our own; given up after a day, since an operator then has to look anyway. */
export const effectPolicy: LocalActivityOptions = { ...ownWrites, scheduleToCloseTimeout: '1 day' };

/** Time beyond a request's own timeout before an attempt counts as lost, with the worker that made it. */
export const callsSlackMs = 10_000;

export const callsPolicy = {
  cancellationType,
  startToCloseTimeout: 30_000 + callsSlackMs,
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s', maximumAttempts: 5 },
} satisfies ActivityOptions;

/**
 * Messages to customers. A mail server may put a stranger off for half an hour (greylisting), a provider may be away:
 * they are tried for a day, as own writes are.
 */
const messages = {
  cancellationType,
  scheduleToCloseTimeout: '1 day',
  retry: { initialInterval: '2s', backoffCoefficient: 2, maximumInterval: '10m' },
} satisfies ActivityOptions;

/** Longer than the conversation with a mail server may take. */
export const mailPolicy: ActivityOptions = { ...messages, startToCloseTimeout: '2m' };

export const smsPolicy: ActivityOptions = { ...messages, startToCloseTimeout: '30s' };

/** A look through all customers may take long; what fails here is found by the next look. */
export const detectorPolicy = {
  startToCloseTimeout: '1h',
  heartbeatTimeout: '2m',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s', maximumAttempts: 5 },
} satisfies ActivityOptions;

/** It may wait for its turn, and read for long. */
export const backtestPolicy = {
  startToCloseTimeout: '6h',
  heartbeatTimeout: '30s',
  cancellationType: ActivityCancellationType.TRY_CANCEL,
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s', maximumAttempts: 5 },
} satisfies ActivityOptions;

/** Looks through what Temporal closed lately. The schedule starts another one soon: what fails here is done then. */
export const reconcilePolicy = {
  startToCloseTimeout: '10m',
  heartbeatTimeout: '1m',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s', maximumAttempts: 5 },
} satisfies ActivityOptions;
