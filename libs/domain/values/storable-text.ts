/** The store has no NUL, and makes one and the same character of all unpaired surrogates. */
const unfit = /[\0\p{Cs}]/u;

/** Whether the store gives a text back as it was. */
export function isStorableText(text: string): boolean {
  return !unfit.test(text);
}
