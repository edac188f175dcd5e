/** German for what is wrong with a part of something that was written, by its code and the values beside it. */
import type { components } from '../api-types.ts';

export type Problem = components['schemas']['Problem'];

type Params = NonNullable<Problem['params']>;
type Expectation = NonNullable<Params['expected']>;

const number = new Intl.NumberFormat('de');
const list = (values: readonly string[] = []): string => values.join(', ');
const count = (value: number | undefined): string => (value === undefined ? '' : number.format(value));

/** Continues "Erwartet: ". Typed, so that a new expectation cannot be forgotten. */
const expected: Record<Expectation, (params: Params) => string> = {
  text: () => 'ein Text',
  filled_text: () => 'ein Text, der nicht leer ist',
  one_line: () => 'eine Zeile ohne Umbrüche und Steuerzeichen',
  no_control_characters: () => 'ein Text ohne Steuerzeichen',
  no_outer_spaces: () => 'ein Text ohne Leerzeichen am Anfang und Ende',
  whole_number: () => 'eine ganze Zahl',
  number: ({ name }) => (name === undefined ? 'eine Zahl' : `eine Zahl, denn ${name} ist eine`),
  boolean: ({ name }) => (name === undefined ? 'ja oder nein' : `ja oder nein, denn ${name} ist eines davon`),
  id: () => 'ein Text oder eine ganze Zahl',
  object: () => 'ein Objekt',
  list: () => 'eine Liste',
  action: () => 'eine Aktion mit type und params',
  condition: () => 'eine Bedingung: field, operator und value; match und rules; oder not',
  one_of: ({ values }) => (values?.length === 1 ? list(values) : `eines von ${list(values)}`),
  at_least: ({ min }) => `mindestens ${count(min)}`,
  at_most: ({ max }) => `höchstens ${count(max)}`,
  from_to: ({ min, max }) => `eine ganze Zahl von ${count(min)} bis ${count(max)}`,
  min_length: ({ min }) => (min === 1 ? 'ein Text, der nicht leer ist' : `mindestens ${count(min)} Zeichen`),
  max_length: ({ max }) => `höchstens ${count(max)} Zeichen`,
  max_items: ({ max }) => `höchstens ${count(max)} Einträge`,
  scalar: () => 'ein Text, eine Zahl, ja oder nein; nach einem fehlenden Wert fragt is_null',
  scalar_list: () => 'eine Liste aus Texten, Zahlen, ja oder nein',
  number_or_date: () => 'eine Zahl oder ein Datum nach ISO 8601, etwa 2026-01-31',
  pair: () => 'zwei Zahlen oder zwei Daten nach ISO 8601, das kleinere zuerst',
  ordered_pair: () => 'das Kleinere zuerst',
  pattern: ({ fault, max }) =>
    fault === undefined
      ? `ein Muster in der Schreibweise von RE2 mit höchstens ${count(max)} Zeichen`
      : 'ein Muster in der Schreibweise von RE2, ohne Blick voraus oder zurück und ohne Rückverweise',
  no_value: () => 'kein Wert',
  span: () => 'eine Dauer aus value und unit (minutes, hours oder days), höchstens 365 Tage',
  re_enroll: () => 'always, once oder eine Dauer aus value und unit',
  window: () => 'minute, hour, day oder eine Dauer aus value und unit',
  rule_id: () => '1 bis 64 Buchstaben, Ziffern, Punkte, Striche und Unterstriche, aber keines von ., .. und new',
  data_name: () => 'ein Buchstabe oder _, danach bis zu 63 Buchstaben, Ziffern, Striche und Unterstriche',
  data_item: ({ type }) => `der Name eines Eintrags von process.data der Art ${type ?? ''}`,
  process_trigger: ({ name }) => `${name ?? ''}, denn Regeln mit process starten durch eingehende Webhooks`,
  no_process_trigger: ({ name }) => `ein anderer Auslöser oder process, denn ${name ?? ''} gilt nur für Prozesse`,
  not_with_process: () => 'nichts, denn es passt nicht zu process',
  http_url: () => 'eine vollständige Adresse mit http oder https, etwa https://example.com/hook',
  http_headers: () => 'Kopfeinträge aus Namen und Texten, wie HTTP sie kennt',
  mail_address: () => 'eine E-Mail-Adresse, etwa ann@example.com',
  phone_number: () => 'eine Telefonnummer mit Landesvorwahl, etwa +5511987654321',
  approvers: () => 'mindestens eine Rolle, Person oder der Manager des Kunden',
};

const patternFaults: Record<NonNullable<Params['fault']>, (params: Params) => string> = {
  too_long: (params) => `Das Muster hat ${count(params.count)} Zeichen, höchstens ${count(params.max)} sind erlaubt`,
  too_expensive: () => 'Das Muster braucht zu viel Rechenzeit: Kleinere Zahlen in {n,m} helfen',
  missing_parenthesis: () => 'Eine Klammer ( wird nicht geschlossen',
  missing_bracket: () => 'Eine Klammer [ wird nicht geschlossen',
  unexpected_parenthesis: () => 'Eine Klammer ) schließt nichts',
  duplicate_group: () => 'Zwei Gruppen heißen gleich',
  invalid_group_name: () => 'So kann eine Gruppe nicht heißen',
  invalid_class: () => 'Diese Menge von Zeichen gibt es nicht',
  invalid_escape: () => 'Dieses Zeichen kann nicht hinter \\ stehen',
  unsupported_group: () => 'Diese Art von Gruppe gibt es in RE2 nicht',
  nothing_to_repeat: () => 'Vor der Wiederholung steht nichts, was sie wiederholt',
  invalid_repetition: () => 'Eine Wiederholung kann nicht selbst wiederholt werden',
  invalid_count: () => 'So oft kann nichts wiederholt werden: höchstens 1.000 Mal, die kleinere Zahl zuerst',
  trailing_backslash: () => 'Am Ende steht ein \\, hinter dem nichts folgt',
};
const faulty = ({ fault, part, ...params }: Params): string =>
  fault === undefined ? '' : ` ${patternFaults[fault](params)}${part === undefined ? '' : `: ${part}`}.`;

const expects = (params: Params): string =>
  params.expected === undefined ? '' : ` Erwartet: ${expected[params.expected](params)}.`;
const named = ({ name }: Params): string => (name === undefined ? '' : `: ${name}`);
const allowed = ({ values }: Params): string => (values === undefined ? '' : ` Möglich: ${list(values)}.`);
const atMost = ({ max }: Params, what: string): string =>
  max === undefined ? '' : ` Höchstens ${count(max)} ${what}.`;
const way = ({ rules = [], count: all = rules.length }: Params): string =>
  `${list(rules)}${all > rules.length ? ` und ${count(all - rules.length)} weitere` : ''}`;

const wrong = (params: Params): string => `Das stimmt nicht.${faulty(params)}${expects(params)}`;

export const problemTextsDe: Readonly<Record<string, (params: Params) => string>> = {
  required: (params) => `Diese Angabe fehlt.${expects(params)}`,
  wrong_value: wrong,
  wrong_type: (params) => `Das ist nicht von der richtigen Art.${expects(params)}`,
  too_long: (params) => `Das ist zu lang.${atMost(params, 'Zeichen')}`,
  too_many: (params) =>
    params.operator === undefined
      ? `Das sind zu viele.${atMost(params, 'sind erlaubt')}`
      : `Der Vergleich ${params.operator} kommt zu oft vor.${atMost(params, 'sind erlaubt')}`,
  too_deep: (params) => `Das ist zu tief verschachtelt.${atMost(params, 'Ebenen')}`,
  duplicate: (params) => `Das gibt es zweimal${named(params)}.`,
  unknown_key: (params) => `Das gehört nicht hierher.${allowed(params)}`,
  unknown_field: (params) => `Dieses Feld gibt es nicht${named(params)}.`,
  unknown_operator: (params) => `Diesen Vergleich gibt es nicht.${allowed(params)}`,
  unknown_action: (params) => `Diese Aktion gibt es nicht.${allowed(params)}`,
  unknown_param: (params) => `Diesen Parameter hat die Aktion nicht${named(params)}.${allowed(params)}`,
  unknown_trigger: (params) => `Ein solches Ereignis wurde noch nicht gesehen${named(params)}.`,
  unsuited_operator: ({ operator = '', name = '', type = '' }) =>
    `Der Vergleich ${operator} gilt für das Feld ${name} (${type}) nie.`,
  action_disabled: (params) => `Diese Aktion wird noch nicht ausgeführt${named(params)}.`,
  too_few_approvers: ({ min }) => `Zu wenige Personen sind gefragt: ${count(min)} müssen freigeben.`,
  wrong_reference: () =>
    "Ein Verweis in Klammern ist falsch. Erwartet: Felder wie {{ event.amount }}, jedes {{ mit seinem }}, und {{ '{{' }} für die Klammern selbst.",
  text_too_long: () => 'Mit den Werten des Ereignisses wird der Text zu lang.',
  unsafe_value: () => 'Ein Wert des Ereignisses würde die Adresse verändern.',
  invalid_id: () => 'Diese Kennung ist falsch.',
  duplicate_id: () => 'Diese Kennung kommt zweimal vor.',
  contradicts_rule: ({ name = '', value = '', other_value: other = '', rules }) =>
    `Setzt ${name} auf ${value}; die Regel ${list(rules)} setzt es auf ${other}, und beide können für dasselbe Ereignis gelten.`,
  triggers_itself: ({ name = '' }) =>
    `Das Ereignis ${name}, das diese Aktion auslöst, kann diese Regel erneut starten. Eine Bedingung, die dann nicht mehr gilt, oder re_enroll beendet das.`,
  part_of_a_loop: (params) =>
    `Das Ereignis ${params.name ?? ''}, das diese Aktion auslöst, kann diese Regel erneut starten, über: ${way(params)}. Eine Bedingung, die dann nicht mehr gilt, oder re_enroll beendet das.`,
  invalid_cursor: () => 'Diese Seite der Liste gibt es nicht: Beginnen Sie vorn.',
  position_too_old: () => 'Ereignisse nach dieser Stelle werden nicht mehr aufbewahrt.',
  inexact_number: () => 'Diese Zahl hat mehr Stellen, als genau gespeichert werden.',
  invalid_input: () => 'Das stimmt nicht.',
  invalid_parameter: () => 'Dieser Wert ist falsch.',
  invalid_name: () => 'Dieser Name ist nicht möglich.',
  invalid_text: () => 'Der Text enthält Zeichen, die nicht gespeichert werden können.',
  username_taken: () => 'Diesen Benutzernamen gibt es schon.',
  unknown_user: () => 'Diesen Benutzer gibt es nicht.',
  unknown_rule: () => 'Diese Regel gibt es nicht.',
  team_cycle: () => 'Teams dürfen einander nicht im Kreis übergeordnet sein.',
  secret_moved: () => 'Die Adresse ist eine andere: Geben Sie das Geheimnis noch einmal an.',
  invalid_event: () => 'Das Ereignis ist nicht gültig.',
  forbidden_field: () => 'Das heißt wie ein Passwort oder Schlüssel.',
  not_json: () => 'Das ist kein JSON.',
  not_utf8: () => 'Der Text ist nicht in UTF-8.',
  duplicate_member: () => 'Dieser Name kommt zweimal vor.',
  unknown_topic: () => 'Aus diesem Topic werden keine Ereignisse erwartet.',
  invalid_type: (params) => `Das ist nicht von der richtigen Art.${expects(params)}`,
  invalid_value: wrong,
  invalid_format: () => 'Das ist nicht richtig geschrieben.',
  invalid_key: () => 'Dieser Name ist nicht möglich.',
  invalid_element: () => 'Ein Eintrag ist falsch.',
  invalid_union: wrong,
  too_big: (params) => `Das ist zu groß oder zu lang.${expects(params)}`,
  too_small: (params) => `Das ist zu klein oder zu kurz.${expects(params)}`,
  not_multiple_of: () => 'Die Zahl hat zu viele Stellen.',
  unrecognized_keys: () => 'Das gehört nicht hierher.',
  custom: () => 'Das stimmt nicht.',
};

/** Issues whose message says more than their code and values do. */
const vague: readonly (Expectation | undefined)[] = ['http_headers', 'approvers', 'span'];

/** Whether the German text has all that the message says. */
export function saysAll({ code, params }: Problem): boolean {
  if (code === 'required') return true;
  // A fault that has no code yet.
  if (params?.expected === 'pattern') return params.fault !== undefined || params.part === undefined;
  return params !== undefined && !vague.includes(params.expected);
}
