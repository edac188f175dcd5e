/** German for why a guard of the rule kept a run from starting, by the code of its note and the values beside it. */
import type { components } from '../shared/api-types.ts';
import type { Said } from '../shared/said/said.ts';

type GuardNote = NonNullable<components['schemas']['Run']['guard']>;
type Code = NonNullable<GuardNote['code']>;
type Span = NonNullable<NonNullable<GuardNote['params']>['per']>;

const number = new Intl.NumberFormat('de');
const moment = new Intl.DateTimeFormat('de', { dateStyle: 'medium', timeStyle: 'medium' });
const time = (at: string | undefined): string => (at === undefined ? '' : moment.format(new Date(at)));

const units: Record<Span['unit'], [one: string, many: string]> = {
  minutes: ['einer Minute', 'Minuten'],
  hours: ['einer Stunde', 'Stunden'],
  days: ['einem Tag', 'Tagen'],
};
const span = ({ value, unit }: Span): string =>
  value === 1 ? units[unit][0] : `${number.format(value)} ${units[unit][1]}`;
const within = ({ params }: GuardNote): string => (params?.per === undefined ? '' : ` in ${span(params.per)}`);
const first = ({ earlier_run, params }: GuardNote): string =>
  `Der Lauf ${earlier_run ?? ''} zu einem Ereignis vom ${time(params?.at)} war zuerst da`;

/** Typed, so that a new code cannot be forgotten. */
const texts: Record<Code, (note: GuardNote) => string> = {
  over_limit: (note) =>
    `Mehr als ${number.format(note.params?.count ?? 0)} ${note.params?.count === 1 ? 'Lauf' : 'Läufe'}${within(note)} (ab ${time(note.params?.at)}): wartet, bis der Lauf freigegeben wird`,
  ran_once: (note) => `Die Regel läuft einmal für jeden Kunden. ${first(note)}`,
  ran_lately: (note) => `Die Regel läuft einmal${within(note)} für jeden Kunden. ${first(note)}`,
  older_than_remembered: ({ params }) =>
    `Das Ereignis ist älter als das, was von diesem Kunden noch bekannt ist (${time(params?.at)})`,
};

/** @returns null where only the server's own words are there, of a run from before its code was kept or a newer server */
export function sayGuard(language: string, guard: GuardNote): Said | null {
  if (language !== 'de') return { text: guard.note, original: null };
  const { code } = guard;
  return code !== undefined && Object.hasOwn(texts, code) ? { text: texts[code](guard), original: null } : null;
}
