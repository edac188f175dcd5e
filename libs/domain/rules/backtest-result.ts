/** What a rule would have done about recorded events. */
export interface BacktestSample {
  event_id: string;
  /** ISO 8601 UTC. */
  at: string;
  brand: string | null;
  customer_id: string | null;
  login: number | null;
  /** What it would have executed, references filled in, masked; null where the samples before are long enough. */
  actions: unknown;
}

export interface BacktestDifference {
  both: number;
  only_candidate: number;
  only_stored: number;
  /** Ids of events, the first of each. */
  samples: { only_candidate: string[]; only_stored: string[] };
}

export interface BacktestResult {
  events_read: number;
  /** Messages that would go to the dead letters. */
  undecodable: number;
  /** Events of the rule's trigger and brand. */
  events_considered: number;
  matches: number;
  /** By UTC day of the event. */
  matches_per_day: Record<string, number>;
  samples: BacktestSample[];
  /** Beside the stored version of the rule; null when there is none. */
  difference: BacktestDifference | null;
  /** Times of the first and the last event that was read; null when there was none. */
  from: string | null;
  to: string | null;
}

export interface BacktestProgress {
  events_read: number;
  matches: number;
  /** Messages to read altogether. */
  total: number;
}

/** Matches and differences that are shown. */
export const maxSamples = 20;

export const backtestNoteCodes = ['directory_as_now', 'guards_not_asked'] as const;

export interface BacktestNote {
  code: (typeof backtestNoteCodes)[number];
  message: string;
}

/** What the figures of every backtest leave open: a stable code, and an English sentence. */
export const backtestNotes: readonly BacktestNote[] = [
  {
    code: 'directory_as_now',
    message: 'Accounts and customers are read as they are now, not as they were at the time of the events.',
  },
  {
    code: 'guards_not_asked',
    message: 'The guards re_enroll and limit, and stop_after of other rules, are not asked.',
  },
];
