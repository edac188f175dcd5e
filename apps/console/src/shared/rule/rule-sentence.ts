/** A rule as a sentence in plain words. */
import { ruleWords, wordFor } from './rule-words.ts';
import type { RuleWords, Speech } from './spoken-words.ts';

/** What the sentence is made of; of a draft any part may be missing or odd. */
export type SpokenRule = Record<string, unknown>;

/** What numbers and codes stand for, such as the name of a manager. */
export type NameOf = Speech['name'];

/** Conditions and actions that are told; the others are counted. */
const most = { conditions: 12, actions: 12, levels: 12, text: 60 } as const;

/** @param nameOf left out: numbers and codes are shown as they are */
export function ruleSentence(rule: SpokenRule, language: string, nameOf?: NameOf): string {
  const words = ruleWords(language);
  const { sentence } = words;
  const speech = speechIn(words, language, nameOf);
  const trigger = String(rule['trigger_event'] ?? '');
  const brand = typeof rule['brand'] === 'string' ? rule['brand'] : null;
  const start = sentence.when(wordFor(words.triggers, trigger), brand);
  const when = Object.hasOwn(words.triggers, trigger) ? start : sentence.when(words.anyTrigger(trigger), brand);
  const conditions = new Conditions(words, speech).say(rule['conditions']);
  const actions = sayActions(rule['actions'], words, speech);
  return [
    `${when}${conditions === null ? '' : sentence.onlyIf(conditions)}: ${actions}.`,
    ...bounds(rule, words, speech),
  ].join(' ');
}

function speechIn(words: RuleWords, language: string, nameOf?: NameOf): Speech {
  const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 10 });
  const short = (text: string): string => (text.length > most.text ? `${text.slice(0, most.text)}…` : text);
  const quoted = (text: string): string => (language === 'de' ? `„${short(text)}“` : `“${short(text)}”`);
  const value = (one: unknown): string => {
    if (typeof one === 'number') return numbers.format(one);
    if (Array.isArray(one)) {
      const told = one.slice(0, most.conditions).map(value);
      const left = one.length - told.length;
      return [...told, ...(left > 0 ? [words.sentence.more(left)] : [])].join(', ');
    }
    if (one === undefined || one === null) return '…';
    return typeof one === 'string' ? quoted(one) : short(JSON.stringify(one));
  };
  return {
    value,
    span: (span) => {
      const { value: count, unit } = isObject(span) ? span : {};
      const unitWords = typeof unit === 'string' && Object.hasOwn(words.units, unit) ? words.units[unit] : undefined;
      if (typeof count !== 'number' || unitWords === undefined) return '';
      return `${numbers.format(count)} ${unitWords[count === 1 ? 0 : 1]}`;
    },
    name: (kind, written) => nameOf?.(kind, written) ?? (written === undefined ? '…' : short(String(written))),
    role: (role) => wordFor(words.roles, role),
    text: (text) => (typeof text === 'string' && text.trim() !== '' ? quoted(text.trim()) : ''),
  };
}

/** Counts what it tells, so that a large tree stays one sentence. */
class Conditions {
  readonly #words: RuleWords;
  readonly #speech: Speech;
  #told = 0;

  constructor(words: RuleWords, speech: Speech) {
    this.#words = words;
    this.#speech = speech;
  }

  /** @returns null where every event is meant */
  say(conditions: unknown): string | null {
    if (conditions === undefined || conditions === null) return null;
    const node = Array.isArray(conditions) ? { match: 'all', rules: conditions as unknown[] } : conditions;
    if (isObject(node) && node['match'] === 'all' && Array.isArray(node['rules']) && node['rules'].length === 0)
      return null;
    return this.#node(node, 1, true);
  }

  #node(node: unknown, level: number, isOutermost: boolean): string {
    const { sentence } = this.#words;
    if (level > most.levels) return '…';
    if (!isObject(node)) return sentence.odd;
    if ('not' in node) return sentence.not(this.#node(node['not'], level + 1, false));
    const { match, rules } = node;
    if (!Array.isArray(rules)) return this.#predicate(node);
    if (rules.length === 0) return match === 'any' ? sentence.never : sentence.always;
    const told: string[] = [];
    for (const rule of rules as unknown[]) {
      if (this.#told >= most.conditions) break;
      told.push(this.#node(rule, level + 1, rules.length === 1 && isOutermost));
    }
    const left = rules.length - told.length;
    if (left > 0) told.push(sentence.more(left));
    const text = told.join(match === 'any' ? sentence.or : sentence.and);
    return isOutermost || told.length === 1 ? text : `(${text})`;
  }

  #predicate({ field, operator, value }: Record<string, unknown>): string {
    const { fields, operators, sentence } = this.#words;
    this.#told += 1;
    if (typeof field !== 'string' || typeof operator !== 'string') return sentence.odd;
    const name = field === '' ? '…' : wordFor(fields, field);
    if (operator === 'between' && Array.isArray(value) && value.length === 2) {
      const [low, high] = value as unknown[];
      return sentence.between(name, this.#speech.value(low), this.#speech.value(high));
    }
    const hasNone = operator === 'is_null' || operator === 'is_not_null';
    return sentence.condition(name, wordFor(operators, operator), hasNone ? '' : this.#speech.value(value));
  }
}

function sayActions(actions: unknown, words: RuleWords, speech: Speech): string {
  const { sentence } = words;
  if (!Array.isArray(actions) || actions.length === 0) return sentence.nothing;
  const told = (actions as unknown[]).slice(0, most.actions).map((action) => {
    const { type, params } = isObject(action) ? action : {};
    const written = typeof type === 'string' ? type : '…';
    const known = Object.hasOwn(words.actions, written) ? words.actions[written] : undefined;
    const said = known?.say(isObject(params) ? params : {}, speech) ?? words.anyAction(written);
    return said.replaceAll(/ {2,}/g, ' ').trim();
  });
  const left = actions.length - told.length;
  return [...told, ...(left > 0 ? [sentence.more(left)] : [])].join(sentence.next);
}

function bounds(rule: SpokenRule, words: RuleWords, { span, value }: Speech): string[] {
  const { sentence } = words;
  const { re_enroll, limit, stop_after } = rule;
  const said: string[] = [];
  if (re_enroll === 'once') said.push(sentence.once);
  else if (span(re_enroll) !== '') said.push(sentence.onceIn(span(re_enroll)));
  if (isObject(limit) && span(limit['per']) !== '') {
    said.push(sentence.limit(value(limit['count']), span(limit['per'])));
  }
  if (stop_after === true) said.push(sentence.stopAfter);
  return said;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
