/**
 * Looks at something that others change, for many who ask at once: they share a look, and none is answered by one that
 * began before it asked.
 */
export class SharedLook {
  readonly #look: () => Promise<void>;
  #underWay: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  constructor(look: () => Promise<void>) {
    this.#look = look;
  }

  /** The look under way, or a new one; it may have begun before the call. Rejects as the look does. */
  join(): Promise<void> {
    return this.#underWay ?? this.#start();
  }

  /** Resolves when everything is known that stood before the call. Rejects as the look does. */
  refresh(): Promise<void> {
    if (this.#underWay === null) return this.#start();
    // The look under way may have begun before the change that this caller has to see; its own callers hear if it fails.
    return (this.#next ??= this.#underWay.catch(() => undefined).then(() => this.#start()));
  }

  #start(): Promise<void> {
    this.#next = null;
    const underWay = this.#look().finally(() => {
      if (this.#underWay === underWay) this.#underWay = null;
    });
    return (this.#underWay = underWay);
  }
}
