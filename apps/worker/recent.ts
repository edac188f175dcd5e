/** Names that came up lately. The oldest are forgotten. */
const maxRemembered = 50_000;

export class RecentSet {
  #newer = new Set<string>();
  #older = new Set<string>();

  /** @returns false when it came up before, among the latest 50,000 or so */
  add(name: string): boolean {
    if (this.#newer.has(name) || this.#older.has(name)) return false;
    this.#newer.add(name);
    if (this.#newer.size >= maxRemembered) {
      this.#older = this.#newer;
      this.#newer = new Set();
    }
    return true;
  }
}
