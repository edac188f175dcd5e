/** The words for rules by language. What has no name there is shown as the registry writes it. */
import { ruleWordsDe } from './rule-words.de.ts';
import { ruleWordsEn } from './rule-words.en.ts';
import type { RuleWords } from './spoken-words.ts';

export function ruleWords(language: string): RuleWords {
  return language === 'de' ? ruleWordsDe : ruleWordsEn;
}

/** @returns what something is called, or how it is written */
export function wordFor(words: Readonly<Record<string, string>>, written: string): string {
  return Object.hasOwn(words, written) ? (words[written] ?? written) : written;
}
