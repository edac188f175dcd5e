/** What became of each message, by what Kafka, the store and the log say; whatever nobody can account for is a complaint. */
import { decodeMessage } from '#libs/contracts/decode-message.ts';
import { hasFingerprint } from '#libs/contracts/event-fingerprint.ts';
import { toDecodeLimits, headerText, type IncomingMessage } from '#libs/contracts/message.ts';
import { eventKey } from '#libs/domain/event-key.ts';
import { maxCausationDepth, topics, type PlatformEvent } from '#libs/domain/event.ts';
import { readRecorded, recordedTopics } from '#libs/kafka/recorded.ts';
import { topicIds } from '#libs/kafka/topic-ids.ts';
import { createDecisionReader } from '#libs/store/decision.reader.ts';
import { createEvaluatedEvents } from '#libs/store/evaluated-event.repository.ts';
import { createWaitingEvents } from '#libs/store/waiting-event.repository.ts';
import type { IngressWorld, RunningIngress } from '../ingress.ts';

/** Reasons for which no message of ours may be put aside: they say that something in signalbox went wrong. */
type Letter = { reason: string; message: string };

export interface Account {
  /** How many messages had which end. */
  ends: Record<string, number>;
  complaints: string[];
}

export async function accountOfAll(world: IngressWorld, ingress: RunningIngress, ruled: Set<string>): Promise<Account> {
  const { kafka, config, store } = world;
  const full = recordedTopics(config);
  const messages = await readAll(world, full);
  const deadTopic = `${config.KAFKA_TOPIC_PREFIX}${topics.deadLetter}`;
  const letters = lettersByPlace(await readAll(world, new Map([[deadTopic, topics.deadLetter]])));
  const ids = await topicIds(kafka, [...full.keys()]);
  const limits = toDecodeLimits(config);
  // Events leave the waiting list for one of the places that are looked at after it.
  const waitingList = createWaitingEvents(store);
  const waiting = [...(await waitingList.list('waiting', 1e6)), ...(await waitingList.list('given_up', 1e6))];
  const waitingByKey = new Map(waiting.map(({ key, event }) => [key, event]));
  const events: { event: PlatformEvent; place: string }[] = [];
  const account: Account = { ends: {}, complaints: [] };
  const end = (what: string): void => void (account.ends[what] = (account.ends[what] ?? 0) + 1);

  for (const message of messages) {
    const topic = `${config.KAFKA_TOPIC_PREFIX}${message.topic}`;
    const place = `${topic}/${message.partition}/${message.offset}`;
    const decoded = decodeMessage({ ...message, topicId: ids.get(topic) ?? null }, limits);
    if ('event' in decoded) {
      events.push({ event: decoded.event, place });
      continue;
    }
    const { reason } = decoded.deadLetter;
    const found = letters.get(place) ?? [];
    letters.delete(place);
    end(`dead letter: ${reason}`);
    if (found.length !== 1 || found[0]?.reason !== reason) {
      account.complaints.push(`${place} (${reason}): dead letters ${JSON.stringify(found)}`);
    }
  }

  const decisions = await createDecisionReader(store).byKeys(events.map(({ event }) => eventKey(event)));
  const runs = new Set((await world.records()).map(({ run_id }) => run_id));
  const evaluated = createEvaluatedEvents(store);
  const withoutBrand = new Set(
    ingress.logs.flatMap(({ msg, ...fields }) => (msg.includes('it starts nothing') ? [fields['eventId']] : [])),
  );

  const endOf = async (event: PlatformEvent, found: Letter[]): Promise<string> => {
    const key = eventKey(event);
    const decision = decisions.get(key);
    const isDecided = decision !== undefined && hasFingerprint(event, decision.fingerprint);
    const [letter, second] = found;
    if (second !== undefined) return 'complaint: more than one dead letter';
    if (letter !== undefined) {
      const isConflict = letter.reason === 'event_id_conflict' && decision !== undefined && !isDecided;
      return isConflict ? 'dead letter: event_id_conflict' : `complaint: put aside: ${JSON.stringify(letter)}`;
    }
    if (event.trigger === null || !ruled.has(event.trigger)) return 'no rule is for it';
    if (isDecided) {
      const missing = decision.runs.filter(({ executionId }) => !runs.has(executionId));
      return missing.length === 0 ? 'ran' : `complaint: decided, without the records of ${missing.length} runs`;
    }
    const waits = waitingByKey.get(key);
    if (waits !== undefined && isSame(waits, event)) return 'waits';
    if (withoutBrand.has(event.id)) return event.causation.length >= maxCausationDepth ? 'a loop' : 'no brand';
    if ((await evaluated.get(event.id)).some(({ eventKey: kept }) => kept === key)) return 'matched nothing';
    const rival = decision === undefined && waits === undefined ? '' : ', another event has its id';
    return `complaint: lost${rival}`;
  };

  for (const { event, place } of events) {
    const what = await endOf(event, letters.get(place) ?? []);
    letters.delete(place);
    end(what.replace(/(complaint).*/s, '$1'));
    if (what.startsWith('complaint')) {
      account.complaints.push(`${place}, event ${excerpt(event)}: ${what}`);
    }
  }
  for (const [place, found] of letters)
    account.complaints.push(`dead letters of nothing at ${place}: ${JSON.stringify(found)}`);
  return account;
}

async function readAll({ kafka }: IngressWorld, wanted: Map<string, string>): Promise<IncomingMessage[]> {
  const messages: IncomingMessage[] = [];
  const take = async (some: IncomingMessage[]): Promise<void> => void messages.push(...some);
  await readRecorded(kafka, { topics: wanted, since: 0, signal: AbortSignal.timeout(60_000), take });
  return messages;
}

/** By topic, partition and offset that they name. */
function lettersByPlace(messages: IncomingMessage[]): Map<string, Letter[]> {
  const letters = new Map<string, Letter[]>();
  for (const { headers } of messages) {
    const text = (name: string): string => headerText(headers, `dead-letter.${name}`) ?? '';
    const place = `${text('topic')}/${text('partition')}/${text('offset')}`;
    letters.set(place, [...(letters.get(place) ?? []), { reason: text('reason'), message: text('message') }]);
  }
  return letters;
}

function isSame(one: PlatformEvent, other: PlatformEvent): boolean {
  return excerpt(one, Infinity) === excerpt(other, Infinity);
}

function excerpt({ topic, id, trigger, brand, login, customerId, data }: PlatformEvent, longest = 600): string {
  return JSON.stringify({ topic, id, trigger, brand, login, customerId, data }).slice(0, longest);
}
