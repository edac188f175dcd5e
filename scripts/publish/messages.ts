/**
 * What `npm run -s publish` reads: one JSON object, an array of them, or JSON lines. Each is
 * `{ "topic", "key"?, "headers"?, "value": {…} }`, or an envelope with `topic` beside its own fields.
 */
import { inexactNumber, findInexactNumber } from '#libs/contracts/exact-numbers.ts';
import { topics } from '#libs/domain/events/platform-event.ts';

export interface OutgoingMessage {
  topic: string;
  /** Events with the same key stay in order; null lets Kafka choose a partition. */
  key: string | null;
  headers: Record<string, string>;
  value: Record<string, unknown>;
}

/** One line per issue, each with its place. Nothing may be sent when it is thrown. */
export class BadMessagesError extends Error {
  override name = 'BadMessagesError';
  constructor(readonly issues: string[]) {
    super(`Nothing was published:\n${issues.map((issue) => `  ${issue}`).join('\n')}`);
  }
}

const inputTopics: string[] = [topics.trade, topics.account, topics.crm];
/** Fields beside `value`. The last three are those of `examples/events`, which can so be published as they are. */
const frameFields = new Set(['topic', 'key', 'headers', 'value', 'about', 'times', 'expect']);

type JsonObject = Record<string, unknown>;

/** @throws BadMessagesError listing every issue in `text` */
export function parseMessages(text: string): OutgoingMessage[] {
  const issues: string[] = [];
  const messages: OutgoingMessage[] = [];
  for (const { place, item } of readItems(text, issues)) {
    const inexact = findInexactNumber(item);
    const message = inexact === null ? messageOf(item) : `${inexact} ${inexactNumber}`.trimStart();
    if (typeof message === 'string') issues.push(`${place}: ${message}`);
    else messages.push(message);
  }
  if (issues.length === 0 && messages.length === 0) issues.push('the input holds no event');
  if (issues.length > 0) throw new BadMessagesError(issues);
  return messages;
}

function readItems(text: string, issues: string[]): { place: string; item: unknown }[] {
  const whole = parse(text);
  if ('value' in whole) {
    if (!Array.isArray(whole.value)) return [{ place: `line ${lineAt(text, text.search(/\S/))}`, item: whole.value }];
    return whole.value.map((item, index) => ({ place: `item ${index + 1}`, item }));
  }
  const lines = text
    .split('\n')
    .map((line, index) => ({ line: line.trim(), place: `line ${index + 1}` }))
    .filter(({ line }) => line !== '');
  const parsed = lines.map(({ line, place }) => ({ place, ...parse(line) }));
  // Not one line is JSON by itself: it was meant as one document, and its own issue says more.
  if (!parsed.some((line) => 'value' in line && isObject(line.value))) {
    if (lines.length > 0) issues.push(`line ${lineAt(text, whole.position)}: ${whole.problem}`);
    return [];
  }
  return parsed.flatMap((line) => {
    if ('value' in line) return [{ place: line.place, item: line.value }];
    issues.push(`${line.place}: ${line.problem}`);
    return [];
  });
}

function parse(text: string): { value: unknown } | { problem: string; position: number } {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    const problem = (error as SyntaxError).message.replace(/ \(line \d+ column \d+\)$/, '');
    const position = /at position (\d+)$/.exec(problem)?.[1];
    // Without a position the text ended too early, or its very first character is wrong.
    const end = text.trimEnd().length;
    const fallback = problem.startsWith('Unexpected end') ? end : Math.max(text.search(/\S/), 0);
    return {
      problem: `not JSON: ${problem.replace(/ in JSON at position \d+$/, '')}`,
      position: position === undefined ? fallback : Math.min(Number(position), end),
    };
  }
}

function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length;
}

function messageOf(item: unknown): OutgoingMessage | string {
  if (!isObject(item)) return 'expected an object with a topic';
  const { topic } = item;
  if (typeof topic !== 'string') return `"topic" is missing: one of ${inputTopics.join(', ')}`;
  if (!inputTopics.includes(topic)) return `unknown topic "${topic}": one of ${inputTopics.join(', ')}`;
  if (!('value' in item)) {
    const { topic: _, ...value } = item;
    return { topic, key: defaultKey(value), headers: {}, value };
  }
  const unknown = Object.keys(item).filter((field) => !frameFields.has(field));
  if (unknown.length > 0) return `unknown field "${unknown[0]}" beside "value"`;
  const { key, headers, value } = item;
  if (!isObject(value)) return '"value" must be an object: the event';
  if (key !== undefined && key !== null && typeof key !== 'string') return '"key" must be a string';
  if (headers !== undefined && !isHeaders(headers)) return '"headers" must be an object of strings';
  return { topic, key: key === undefined ? defaultKey(value) : key, headers: headers ?? {}, value };
}

/** What one account or customer does stays in order: its login, else its customer. */
function defaultKey(value: JsonObject): string | null {
  const record = isObject(value['record']) ? value['record'] : {};
  const key = record['login'] ?? value['login'] ?? value['customerId'];
  return typeof key === 'string' || typeof key === 'number' ? String(key) : null;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isHeaders(value: unknown): value is Record<string, string> {
  return isObject(value) && Object.values(value).every((header) => typeof header === 'string');
}
