/** German for what an action did, by the code of its report and the values beside it. */
import type { components } from '../shared/api-types.ts';

type ActionReport = components['schemas']['ActionReport'];
type Params = NonNullable<ActionReport['params']>;

const list = (values: readonly number[] = []): string => values.join(', ');
const number = new Intl.NumberFormat('de');
const moment = new Intl.DateTimeFormat('de', { dateStyle: 'medium', timeStyle: 'medium' });
const time = (at: string | null | undefined): string => (at == null ? '' : moment.format(new Date(at)));
const whole = (value: number | undefined): string => (value === undefined ? '' : number.format(value));

const place = ({ desk, team }: Params): string => {
  const parts = [...(desk == null ? [] : [`Desk ${desk}`]), ...(team == null ? [] : [`Team ${team}`])];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
};
const written = ({ template }: Params): string => (template == null ? '' : ` (Vorlage ${template})`);
const behind = ({ path }: Params): string =>
  path === undefined ? '' : path === 'stop' ? '; der Lauf endet hier' : '; der Lauf geht weiter';
const words = ({ message, source }: Params): string =>
  `${message == null ? '' : `: ${message}`}${source == null ? '' : ` (${source})`}`;

const because = {
  'named by the rule': 'von der Regel genannt',
  'of the customer': 'der des Kunden',
  broadcast: 'an alle',
} as const;

const accounts = ({ frozen = [], frozen_before = [], not_in_directory = [], has_foreign }: Params): string => {
  const parts: [string, number[]][] = [
    ['Gesperrt', frozen],
    ['Schon vorher gesperrt', frozen_before],
    ['Nicht im Verzeichnis', not_in_directory],
  ];
  const told = parts.flatMap(([what, logins]) => (logins.length === 0 ? [] : [`${what}: ${list(logins)}`]));
  return [...told, ...(has_foreign === true ? ['Konten einer anderen Marke blieben, wie sie sind'] : [])].join('; ');
};

/** Typed, so that a new code cannot be forgotten. */
const texts: Record<ActionReport['code'], (params: Params) => string> = {
  accounts_frozen: accounts,
  action_disabled: () => 'Die Aktion wird noch nicht ausgeführt',
  approval_expired: (params) => `Bis ${time(params.due)} hat niemand geantwortet${behind(params)}`,
  approval_rejected: (params) => `Abgelehnt von ${params.by}${behind(params)}`,
  approved: ({ by, count = 1 }) => `Freigegeben von ${by}${count > 1 ? ` (${count} von ${count})` : ''}`,
  cancelled: (params) => `Abgebrochen von ${params.by}${words(params)}${behind(params)}`,
  counter_raised: ({ manager, counter, count }) => `Manager ${manager}: ${counter} +${whole(count)}`,
  customer_active_set: ({ customer, is_active }) =>
    `Kunde ${customer}: ${is_active === true ? 'aktiv' : 'nicht aktiv'}`,
  customer_assigned: (params) => `Kunde ${params.customer}: Manager ${params.manager} zugewiesen${place(params)}`,
  customer_stays: (params) => `Kunde ${params.customer}: bleibt bei Manager ${params.manager}${place(params)}`,
  ended_with_error: (params) => `Mit einem Fehler beendet von ${params.by}${words(params)}${behind(params)}`,
  mail_sent: (params) => `Mail an ${params.to}${written(params)}`,
  managers_notified: ({ managers, because: why = 'broadcast' }) =>
    `Manager ${list(managers)} benachrichtigt (${because[why]})`,
  note_added: ({ customer }) => `Kunde ${customer}: Notiz angelegt`,
  risk_level_set: ({ customer, level }) => `Kunde ${customer}: Risikostufe ${level}`,
  sms_sent: (params) => `SMS an ${params.to}${written(params)}`,
  status_set: ({ customer, kind, status }) =>
    `Kunde ${customer}: ${kind === 'kyc' ? 'KYC-Status' : 'Vertriebsstatus'} ${status}`,
  task_created: ({ customer, task, manager, due }) =>
    `Kunde ${customer}: Aufgabe ${task} für ${manager == null ? 'noch keinen Manager' : `Manager ${manager}`}${
      due == null ? '' : `, fällig ${time(due)}`
    }`,
  webhook_called: ({ request, http_status, duration_ms }) => `${request} → ${http_status} in ${whole(duration_ms)} ms`,
};

/** @param detail the server's own words, for an action that ended before reports were kept, or of a newer server */
export function sayReport(language: string, report: ActionReport | undefined, detail: string): string {
  if (language !== 'de' || report === undefined || !Object.hasOwn(texts, report.code)) return detail;
  return texts[report.code](report.params ?? {});
}
