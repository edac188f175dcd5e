import type { TextsLike } from '../i18n/texts-like.ts';
import type { en } from './texts.en.ts';

export const de: TextsLike<typeof en> = {
  title: 'Freigaben',
  views: 'Welche Freigaben',
  view: { mine: 'Für mich', open: 'Alle offenen', all: 'Alle' },
  none: 'Hier gibt es keine Freigaben.',
  more: 'Nur die neuesten {{count}} werden gezeigt.',
  overdue: 'überfällig',
  asked: 'Gefragt',
  due: 'fällig',
  never: 'nie',
  expires: 'Läuft ab',
  whom: 'Wer gefragt ist',
  required: 'Nötige Zustimmungen',
  forbidden: 'Darf nicht antworten',
  answers: 'Bisherige Antworten',
  noAnswers: 'Noch niemand hat geantwortet.',
  comment: 'Kommentar',
  commentText: 'Kommt in die Aufzeichnung des Laufs.',
  notForYou: 'Sie gehören nicht zu denen, die antworten dürfen.',
  hasExpired: 'Die Zeit zu antworten ist vorbei.',
  wasCancelled: 'Abgebrochen von {{by}}.',
  decide: { approve: 'Zustimmen', reject: 'Ablehnen' },
  decided: { approve: 'hat zugestimmt', reject: 'hat abgelehnt' },
  taken: { approve: 'Sie haben zugestimmt.', reject: 'Sie haben abgelehnt.' },
  already: {
    approve: 'Schon beantwortet von {{by}}: zugestimmt.',
    reject: 'Schon beantwortet von {{by}}: abgelehnt.',
  },
  states: {
    open: 'offen',
    approved: 'zugestimmt',
    rejected: 'abgelehnt',
    expired: 'abgelaufen',
    cancelled: 'abgebrochen',
  },
};
