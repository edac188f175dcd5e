import type { TextsLike } from '../i18n/texts-like.ts';
import type { en } from './texts.en.ts';

export const de: TextsLike<typeof en> = {
  title: 'Übersicht',
  runs: 'Läufe',
  people: 'Menschen',
  system: 'System',
  running: 'Im Gange',
  held: 'Zurückgehalten',
  failed: 'Heute gescheitert',
  waiting: 'Warten auf Menschen',
  oldest: 'Wartet am längsten',
  since: 'Seit',
  nothingWaits: 'Nichts wartet.',
  lag: 'Noch nicht verarbeitete Ereignisse',
  behind: 'Rückstand',
  failing: 'Scheiternde Abonnements',
  more: 'mehr als {{number}}',
  unknown: 'unbekannt',
  unknownText: 'Die Auskunft ist nicht erreichbar oder zu langsam.',
  withheld: 'nicht für Sie',
  withheldText: 'Es betrifft mehr, als Ihre Sitzung sehen darf.',
};
