/**
 * How long an answer waits that must not tell how long it took to find. What is there and belongs to others takes
 * longer to be looked at than nothing.
 *
 * @returns milliseconds until the next multiple of `ofMs` @param elapsedMs since the request came
 */
export function untilNextMultiple(elapsedMs: number, ofMs: number): number {
  return (Math.floor(elapsedMs / ofMs) + 1) * ofMs - elapsedMs;
}
