/** The published API, as its own description types it. */
import createClient from 'openapi-fetch';
import { isLive } from '../live/live-state.ts';
import { currentSession, endSession } from '../session/session.ts';
import type { components, paths } from './api-types.ts';

export type Run = components['schemas']['Run'];
export type LiveRun = components['schemas']['LiveRun'];
export type ActionOutcome = components['schemas']['ActionOutcome'];
export type Rule = components['schemas']['Rule'];
export type RuleWarnings = components['schemas']['RuleWarnings'];
export type RuleActivity = components['schemas']['RuleActivity'];
export type RuleChange = components['schemas']['RuleChange'];
export type RuleVersion = components['schemas']['RuleVersion'];
export type WhatIfNote = components['schemas']['WhatIfNote'];
export type RuleImpact = components['schemas']['RuleImpact'];
export type RuleExplanation = components['schemas']['RuleExplanation'];
export type EventExplanation = components['schemas']['EventExplanation'];
export type ConditionVerdict = components['schemas']['ConditionVerdict'];
export type Problem = components['schemas']['Problem'];
export type Backtest = components['schemas']['Backtest'];
export type BacktestNote = components['schemas']['BacktestNote'];
export type AuditEntry = components['schemas']['AuditEntry'];
export type BulkOperation = components['schemas']['BulkOperation'];
export type BulkOutcome = components['schemas']['BulkOutcome'];
export type RunDelivery = components['schemas']['RunDelivery'];
export type Approval = components['schemas']['Approval'];

/** What the API answered instead of what was asked for. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  /** 0: there was no answer at all. */
  readonly status: number;
  readonly code: string;
  /** What is wrong with each part of what was sent. */
  readonly details: readonly Problem[];

  constructor(status: number, code: string, message: string, details: readonly Problem[] = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

export const api = createClient<paths>();

api.use({
  onRequest({ request }) {
    const { session } = currentSession();
    if (session !== null) request.headers.set('Authorization', `Bearer ${session.token}`);
    return request;
  },
  onResponse({ request, response }) {
    const token = request.headers.get('Authorization')?.slice('Bearer '.length);
    if (response.status === 401 && token !== undefined) endSession(token);
  },
});

/** @throws ApiFailure */
export async function dataOf<Data>(
  call: Promise<{ data?: { data: Data }; error?: unknown; response: Response }>,
): Promise<Data> {
  const { data, error, response } = await call.catch((cause: unknown) => {
    throw new ApiFailure(0, 'unreachable', cause instanceof Error ? cause.message : '');
  });
  if (data !== undefined) return data.data;
  const told = (error as { error?: { code: string; message: string; details?: Problem[] } } | undefined)?.error;
  throw new ApiFailure(response.status, told?.code ?? 'other', told?.message ?? response.statusText, told?.details);
}

/** Names one decision of a person, however often it is sent. */
export function newIdempotencyKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

interface Polled {
  state: { error: Error | null };
}

/** The session may not read it: the API would refuse it again, and its note would go and come. */
export function isForbidden(error: Error | null): boolean {
  return error instanceof ApiFailure && error.status === 403;
}

/**
 * How often what is looked at is read again, in milliseconds; not while the session has ended, and not where the session
 * may not read it: the refusal would go and come again each time.
 */
export function pollEvery(milliseconds: number): (query: Polled) => number | false {
  return ({ state: { error } }) => {
    return currentSession().hasEnded || isForbidden(error) ? false : milliseconds;
  };
}

/** While events reach the page: they do not tell of everything. */
const whileLiveMs = 15_000;

/** As `pollEvery`, for runs and approvals: seldom while lifecycle events tell what changes about them. */
export function pollUnlessLive(milliseconds: number): (query: Polled) => number | false {
  const often = pollEvery(milliseconds);
  const seldom = pollEvery(Math.max(whileLiveMs, milliseconds));
  return (query) => (isLive() ? seldom(query) : often(query));
}
