/** What was typed and not saved, in the session storage of the tab: a reload or a crash loses nothing of it. */
import { isObject, type JsonObject } from './condition-tree.ts';
import { writeJson } from './write-json.ts';

export interface RuleDraft {
  rule: JsonObject;
  /** What the edit began with; null for a new rule. */
  base: JsonObject | null;
  /** The version that it began with; 0 for a new rule. */
  version: number;
  /** As it stands in the YAML view, where it cannot be read or says more than the rule. */
  text: string | null;
}

const prefix = 'signalbox.rule-draft:';

function keyFor(person: string, ruleId: string): string {
  return `${prefix}${JSON.stringify([person, ruleId])}`;
}

/** @param ruleId empty for a new rule. @returns whether there was room for it */
export function keepDraft(storage: Storage, person: string, ruleId: string, draft: RuleDraft): boolean {
  try {
    storage.setItem(keyFor(person, ruleId), writeJson(draft));
    return true;
  } catch {
    // An older draft would be taken for this one.
    forgetDraft(storage, person, ruleId);
    return false;
  }
}

export function forgetDraft(storage: Storage, person: string, ruleId: string): void {
  storage.removeItem(keyFor(person, ruleId));
}

/** Drafts of other people who used this tab are forgotten. */
export function findDraft(storage: Storage, person: string, ruleId: string): RuleDraft | null {
  for (const key of Object.keys(storage)) {
    if (key.startsWith(prefix) && !key.startsWith(`${prefix}[${JSON.stringify(person)},`)) storage.removeItem(key);
  }
  return readDraft(storage.getItem(keyFor(person, ruleId)));
}

function readDraft(text: string | null): RuleDraft | null {
  try {
    const draft: unknown = JSON.parse(text ?? 'null');
    if (!isObject(draft)) return null;
    const { rule, base, version, text: yaml } = draft;
    if (!isObject(rule)) return null;
    return {
      rule,
      base: isObject(base) ? base : null,
      version: typeof version === 'number' ? version : 0,
      text: typeof yaml === 'string' ? yaml : null,
    };
  } catch {
    // Not ours, or of another version: as good as none.
    return null;
  }
}
