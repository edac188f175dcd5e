/** Answers that are kept for a moment and shared by all who ask for the same. */
import { LRUCache } from 'lru-cache';
import { SharedLook } from './shared-look.ts';

interface Kept<Answer> {
  look: SharedLook;
  answer: { value: Answer } | null;
  /** When the look began that gave it, by `performance.now()`. */
  at: number;
}

/** The one that was asked for longest ago is forgotten first. */
const maxKeys = 500;

export class RecentAnswers<Answer> {
  readonly #freshMs: number;
  readonly #kept = new LRUCache<string, Kept<Answer>>({ max: maxKeys });

  /** @param freshMs how long an answer is given again, in milliseconds */
  constructor(freshMs: number) {
    this.#freshMs = freshMs;
  }

  /**
   * One look at a time for each key, however many ask and however long it takes.
   * @throws what `ask` throws, to all who wait for it; it is not kept
   */
  async get(key: string, ask: () => Promise<Answer>): Promise<Answer> {
    const kept = this.#kept.get(key) ?? this.#add(key, ask);
    if (kept.answer === null || performance.now() - kept.at > this.#freshMs) await kept.look.join();
    if (kept.answer === null) throw new Error('a look that succeeds leaves an answer');
    return kept.answer.value;
  }

  #add(key: string, ask: () => Promise<Answer>): Kept<Answer> {
    const kept: Kept<Answer> = {
      answer: null,
      at: 0,
      look: new SharedLook(async () => {
        const at = performance.now();
        kept.answer = { value: await ask() };
        kept.at = at;
      }),
    };
    this.#kept.set(key, kept);
    return kept;
  }
}
