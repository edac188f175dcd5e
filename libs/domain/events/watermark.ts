/**
 * How far a Kafka partition is processed. A consumer may be set forward and back, so "everything below" is not enough:
 * what it passed over is remembered as open, and so is what an operator wants processed again.
 */

/** Offsets from `from` up to, but not including, `to`. */
export interface OffsetRange {
  from: bigint;
  to: bigint;
}

export interface Watermark {
  /** First offset that was never reached. */
  next: bigint;
  /** Ranges below `next` that the consumer passed over; in order, apart from one another. */
  passedOver: OffsetRange[];
  /** Ranges below `next` that an operator wants processed again; in order, apart from one another. */
  reopened: OffsetRange[];
  /**
   * Ranges that are not processed and whose events have all been decided, before any of them changed the directory. At
   * another delivery an event of theirs without a stored decision is known to have matched nothing. In order.
   */
  decided: OffsetRange[];
}

/** More ranges are merged with their neighbours: their messages are then looked at once more, which starts nothing twice. */
export const maxRanges = 1000;

const never: Watermark = { next: 0n, passedOver: [], reopened: [], decided: [] };

/** Whether the message still has to be processed. */
export function isOpen(mark: Watermark | null, offset: bigint): boolean {
  if (mark === null || offset >= mark.next) return true;
  return isWithin(mark.passedOver, offset) || isWithin(mark.reopened, offset);
}

/** Whether the event of the message has been decided, and no stored decision means that it matched nothing. */
export function isProcessed(mark: Watermark | null, offset: bigint): boolean {
  return mark !== null && isWithin(mark.decided, offset);
}

/** Everything in the range has been processed. */
export function withProcessed(mark: Watermark | null, done: OffsetRange): Watermark {
  const { next, passedOver, reopened, decided } = mark ?? never;
  const jumped = done.from > next ? [...passedOver, { from: next, to: done.from }] : passedOver;
  return {
    next: done.to > next ? done.to : next,
    passedOver: bounded(without(jumped, done)),
    reopened: without(reopened, done),
    decided: without(decided, done),
  };
}

/** The events of the range have been decided. */
export function withProcessedUpTo(mark: Watermark | null, range: OffsetRange): Watermark {
  const before = mark ?? never;
  return { ...before, decided: merged([...before.decided, range]) };
}

/** The part of the range that was reached before is to be processed again. @returns null when there is no such part */
export function withReopened(mark: Watermark | null, { from, to }: OffsetRange): Watermark | null {
  if (mark === null || from >= to || from >= mark.next) return null;
  const range = { from, to: to < mark.next ? to : mark.next };
  const reopened = bounded(merged([...mark.reopened, range]));
  return { ...mark, reopened, decided: without(mark.decided, range) };
}

/** First offset that has to be read again because an operator wants it; null: none. */
export function firstReopened(mark: Watermark | null): bigint | null {
  return mark?.reopened[0]?.from ?? null;
}

function isWithin(ranges: readonly OffsetRange[], offset: bigint): boolean {
  return ranges.some(({ from, to }) => offset >= from && offset < to);
}

function without(ranges: readonly OffsetRange[], done: OffsetRange): OffsetRange[] {
  return ranges.flatMap(({ from, to }) => {
    const before = { from, to: to < done.from ? to : done.from };
    const after = { from: from > done.to ? from : done.to, to };
    return [before, after].filter((range) => range.from < range.to);
  });
}

function merged(ranges: readonly OffsetRange[]): OffsetRange[] {
  const inOrder = ranges.toSorted((a, b) => (a.from < b.from ? -1 : 1));
  const result: OffsetRange[] = [];
  for (const { from, to } of inOrder) {
    const last = result.at(-1);
    if (last === undefined || from > last.to) result.push({ from, to });
    else if (to > last.to) last.to = to;
  }
  return result;
}

/** Merges the two ranges that lie closest to one another, as often as needed. */
function bounded(ranges: OffsetRange[]): OffsetRange[] {
  const kept = ranges;
  while (kept.length > maxRanges) {
    let closest = 1;
    const gapBefore = (index: number): bigint => kept[index]!.from - kept[index - 1]!.to;
    for (let index = 2; index < kept.length; index++) if (gapBefore(index) < gapBefore(closest)) closest = index;
    kept.splice(closest - 1, 2, { from: kept[closest - 1]!.from, to: kept[closest]!.to });
  }
  return kept;
}
