/** The event that is asked about: one that is given, or one that has happened, with what conditions see of it. */
import { decodeMessage, type DecodeLimits } from '#libs/contracts/decode-message.ts';
import type { WhatIfBody } from '#libs/contracts/what-if.schema.ts';
import type { RuntimeContext } from '#libs/domain/context/evaluation-context.ts';
import type { DirectoryReader } from '#libs/domain/directory/directory.ts';
import type { PlatformEvent } from '#libs/domain/events/platform-event.ts';
import { writeJson } from '#libs/domain/json/stringify-json.ts';
import type { EvaluatedEvents } from '#libs/domain/matching/evaluated-event.ts';
import { ownAccounts, seesCustomer } from '#libs/directory/customer-scope.ts';
import { DirectoryCache } from '#libs/matching/directory-cache.ts';
import { loadAccounts, loadCustomers, resolveBrands, EventSubject } from '#libs/matching/event-subject.ts';
import { ApiError } from '../http/api.error.ts';
import { maySee } from '../auth/brand-scope.ts';
import type { Session } from '../auth/authenticate.ts';
import { whatIfNote, type WhatIfNote } from './what-if-note.ts';
import { notKept } from './explanations.service.ts';

export interface WhatIfSubject {
  id: string;
  trigger: string;
  occurredAt: string;
  brand: string | null;
  login: number | null;
  customerId: string | null;
  context: RuntimeContext;
  /** No rule meets it, not even one of no brand. */
  isLost: boolean;
  /** What an answer about it leaves open. */
  notes: WhatIfNote[];
}

/** @throws ApiError 422 `invalid_event`; 403 `access_denied` for a brand that the event names */
export async function subjectOfEvent(
  session: Session,
  topic: WhatIfBody['topic'],
  given: Record<string, unknown>,
  ports: { directory: DirectoryReader; limits: DecodeLimits },
): Promise<WhatIfSubject> {
  const event = decode(topic, given, ports.limits);
  if (event.brand !== null && !maySee(session, event.brand)) throw notYours('events', event.brand);
  const subject = await resolve(session, event, ports.directory);
  const { trigger, brand, login, customerId } = subject;
  const notes = [whatIfNote('directory_as_now')];
  if (subject.hasTooManyAccounts) notes.push(whatIfNote('too_many_accounts'));
  // An event of the broker without a brand starts nothing at all.
  const isLost = brand === null && !subject.isCrm;
  if (brand === null) notes.push(whatIfNote(isLost ? 'starts_nothing' : 'no_brand'));
  const { id, occurredAt } = event;
  return { id, trigger, occurredAt, brand, login, customerId, context: subject.context(), isLost, notes };
}

/** @throws ApiError 404 `event_not_kept`, also for one of a brand the session is not for */
export async function subjectOfRecorded(
  session: Session,
  eventId: string,
  events: Pick<EvaluatedEvents, 'get'>,
): Promise<WhatIfSubject> {
  const found = (await events.get(eventId)).filter(({ context }) => maySee(session, context.brand));
  const event = found.at(-1);
  if (event === undefined) throw notKept();
  const { trigger, at, context } = event;
  const notes = [whatIfNote('as_recorded', { at })];
  if (context.customer === undefined) notes.push(whatIfNote('no_customer_recorded'));
  if (found.length > 1) notes.push(whatIfNote('several_events', { count: found.length }));
  return {
    id: eventId,
    trigger,
    occurredAt: at,
    brand: context.brand,
    login: context.account?.login ?? context.trade?.login ?? null,
    customerId: context.customer?.id ?? null,
    context,
    isLost: false,
    notes,
  };
}

function decode(
  topic: WhatIfBody['topic'],
  given: Record<string, unknown>,
  limits: DecodeLimits,
): PlatformEvent & { trigger: string } {
  const message = { topic, partition: 0, offset: '0', timestamp: String(Date.now()), key: null, headers: undefined };
  const decoded = decodeMessage({ ...message, value: Buffer.from(writeJson(given)) }, limits);
  if ('deadLetter' in decoded) throw invalidEvent(decoded.deadLetter.message);
  const { event } = decoded;
  if (event.trigger === null) throw invalidEvent('it triggers nothing');
  return { ...event, trigger: event.trigger };
}

async function resolve(
  session: Session,
  event: PlatformEvent & { trigger: string },
  reader: DirectoryReader,
): Promise<EventSubject> {
  const subject = new EventSubject(event, event.trigger);
  const directory = new DirectoryCache(reader);
  await resolveBrands([subject], directory);
  await loadAccounts([subject], directory);
  await loadCustomers([subject], directory);
  if (session.brands === null) return subject;
  const isOwn = (brand: string | null): boolean => maySee(session, brand);
  // What belongs to others is as good as unknown: an event could be made to name any customer.
  if (subject.brand !== null && !maySee(session, subject.brand)) subject.brand = null;
  const { account, customer } = subject;
  if (account != null && (await ownAccounts(isOwn, [account], directory)).length === 0) subject.account = null;
  if (customer != null && !(await seesCustomer(isOwn, customer, directory))) subject.customer = null;
  return subject;
}

function invalidEvent(issue: string): ApiError {
  const message = 'The event is not valid; see details.';
  return new ApiError(422, 'invalid_event', message, [{ path: 'event', code: 'invalid_event', message: issue }]);
}

export function notYours(what: string, brand: string): ApiError {
  return new ApiError(403, 'access_denied', `This session is not for ${what} of brand "${brand}".`);
}
