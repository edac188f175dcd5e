/** Why a guard keeps a run from starting. */
import type { Span } from '../rules/rule.ts';

export const denialCodes = ['over_limit', 'ran_once', 'ran_lately', 'older_than_remembered'] as const;

/** The values that the note of a denial holds. */
export interface DenialParams {
  /** How many runs the limit allows. */
  count?: number;
  /** The window of the limit, or how far apart two runs of one customer have to lie. */
  per?: Span;
  /** The beginning of the window, or the time of the earlier event, or up to when runs are forgotten; ISO 8601 UTC. */
  at?: string;
}

/** Why a run does not start: a stable code, the values it is about, and an English sentence of both. */
export interface Denial {
  code: (typeof denialCodes)[number];
  params: DenialParams;
  note: string;
  earlierRun: string | null;
}
