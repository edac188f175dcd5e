export interface Pauses {
  /** Milliseconds before the second attempt. */
  first: number;
  /** Milliseconds that no pause exceeds by more than a quarter. */
  longest: number;
}

/**
 * How long to wait before each further attempt, in milliseconds: twice as long each time, give or take a quarter, so that
 * what failed together does not come back together.
 */
export function* backoff({ first, longest }: Pauses): Generator<number, never> {
  for (let pauseMs = first; ; pauseMs = Math.min(pauseMs * 2, longest)) yield pauseMs * (0.75 + Math.random() / 2);
}
