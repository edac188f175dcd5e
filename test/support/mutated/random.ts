/** Picks that look random and follow from a seed, so that a failure can be had again. */
import { randomNumbers } from '#libs/domain/testing/samples.ts';

export class Random {
  /** At least 0, below 1. */
  readonly next: () => number;

  /** @param seed a whole number of 32 bits */
  constructor(seed: number) {
    this.next = randomNumbers(seed);
  }

  /** A whole number of at least 0 and below the end. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  /** True about so often, 0 to 1. */
  happens(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(list: readonly [T, ...T[]] | readonly T[]): T {
    const picked = list[this.below(list.length)];
    if (picked === undefined && list.length === 0) throw new RangeError('there is nothing to pick from');
    return picked as T;
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }
}
