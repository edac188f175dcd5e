/** What became of each message, by what Kafka, the store and the log say; what nobody can account for is a complaint. */
import { eventFingerprint, hasFingerprint } from '#libs/contracts/event-fingerprint.ts';
import { eventKey } from '#libs/domain/events/event-key.ts';
import type { PlatformEvent } from '#libs/domain/events/platform-event.ts';
import type { Decision } from '#libs/domain/runs/run-ledger.ts';
import { createDecisionReader } from '#libs/store/runs/decision.reader.ts';
import { createEvaluatedEvents } from '#libs/store/runs/evaluated-event.repository.ts';
import { createWaitingEvents } from '#libs/store/events/waiting-event.repository.ts';
import type { IngressWorld, RunningIngress } from '../ingress.ts';
import { lettersByPlace, messagesByPlace, type Letter } from './read-back.ts';

export interface Account {
  /** How many messages came to which end. */
  ends: Record<string, number>;
  complaints: string[];
}

/** What there is to know of events, by their keys. */
interface Known {
  waiting: ReadonlyMap<string, PlatformEvent>;
  decisions: ReadonlyMap<string, Decision>;
  /** Ids of the runs that have a record. */
  runs: ReadonlySet<string>;
  /** What the events of each key say. */
  contents: ReadonlyMap<string, ReadonlySet<string>>;
  /** Ids of events of which the log says that they have no brand. */
  withoutBrand: ReadonlySet<unknown>;
  wasEvaluated: (event: PlatformEvent) => Promise<boolean>;
}

const complaint = 'complaint';

/** @param triggers those that rules are for */
export async function accountOfAll(
  world: IngressWorld,
  ingress: RunningIngress,
  triggers: ReadonlySet<string>,
): Promise<Account> {
  const messages = await messagesByPlace(world);
  const letters = await lettersByPlace(world);
  const known = await look(
    world,
    ingress,
    [...messages.values()].flatMap((decoded) => ('event' in decoded ? [decoded.event] : [])),
  );
  // A partition that is given to a member anew is read again from where it was noted down.
  const most = ingress.logs.filter(({ msg }) => msg === 'joined the consumer group').length;
  const account: Account = { ends: {}, complaints: [] };
  for (const [place, decoded] of messages) {
    const found = letters.get(place) ?? [];
    letters.delete(place);
    const what =
      found.length > most
        ? `${complaint}: ${found.length} dead letters`
        : 'event' in decoded
          ? await toEnd(decoded.event, found[0], known, triggers)
          : endOfUnreadable(decoded.deadLetter, found[0]);
    const end = what.startsWith(complaint) ? complaint : what;
    account.ends[end] = (account.ends[end] ?? 0) + 1;
    if (end === complaint) account.complaints.push(`${place}: ${excerpt(decoded)}: ${what}`);
  }
  for (const place of letters.keys()) account.complaints.push(`a dead letter of a message that is not there: ${place}`);
  return account;
}

async function look(world: IngressWorld, { logs }: RunningIngress, events: PlatformEvent[]): Promise<Known> {
  const { store } = world;
  // Looked at first: events leave the list for one of the other places.
  const list = createWaitingEvents(store);
  const waiting = [...(await list.list('waiting', events.length)), ...(await list.list('given_up', events.length))];
  const evaluated = createEvaluatedEvents(store);
  const contents = new Map<string, Set<string>>();
  for (const event of events) {
    const key = eventKey(event);
    contents.set(key, (contents.get(key) ?? new Set()).add(eventFingerprint(event)));
  }
  return {
    waiting: new Map(waiting.map(({ key, event }) => [key, event])),
    decisions: await createDecisionReader(store).byKeys([...contents.keys()]),
    runs: new Set((await world.records()).map(({ run_id }) => run_id)),
    contents,
    withoutBrand: new Set(
      logs.flatMap(({ msg, ...fields }) => (msg.endsWith('event: it starts nothing') ? [fields['eventId']] : [])),
    ),
    wasEvaluated: async (event) => (await evaluated.get(event.id)).some((one) => one.eventKey === eventKey(event)),
  };
}

function endOfUnreadable({ reason }: { reason: string }, letter: Letter | undefined): string {
  if (letter === undefined) return `${complaint}: no dead letter says ${reason}`;
  return letter.reason === reason
    ? `sent to the dead letters: ${reason}`
    : `${complaint}: ${excerpt(letter)} instead of ${reason}`;
}

async function toEnd(
  event: PlatformEvent,
  letter: Letter | undefined,
  known: Known,
  triggers: ReadonlySet<string>,
): Promise<string> {
  const key = eventKey(event);
  const decision = known.decisions.get(key);
  const isDecided = decision !== undefined && hasFingerprint(event, decision.fingerprint);
  if (letter !== undefined) {
    const hasRival = (known.contents.get(key)?.size ?? 0) > 1;
    const isRight = letter.reason === 'event_id_conflict' && hasRival && !isDecided;
    return isRight
      ? 'sent to the dead letters: event_id_conflict'
      : `${complaint}: sent to the dead letters: ${excerpt(letter)}`;
  }
  if (event.trigger === null || !triggers.has(event.trigger)) return 'no rule is for it';
  const missing = isDecided ? decision.runs.filter(({ executionId }) => !known.runs.has(executionId)) : null;
  if (missing?.length === 0) return 'ran';
  // Perhaps it is being decided at this moment.
  const kept = known.waiting.get(key);
  if (kept !== undefined && hasFingerprint(kept, eventFingerprint(event))) return 'waits';
  if (missing !== null) return `${complaint}: ${missing.length} of its runs have no record`;
  if (known.withoutBrand.has(event.id)) return 'has no brand';
  return (await known.wasEvaluated(event)) ? 'matched nothing' : `${complaint}: lost`;
}

function excerpt(value: unknown): string {
  return JSON.stringify(value).slice(0, 600);
}
