/** The rule that is being edited, with its history, and the draft of it in the session storage. */
import { useDraft } from './use-draft.ts';
import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from 'react';
import type { Change } from './editor-tools.ts';
import type { JsonObject } from './model/condition-tree.ts';
import { record, redo, startHistory, undo, type History } from './model/history.ts';
import { findDraft, forgetDraft } from './model/rule-draft.ts';
import { isSame } from './model/rule-merge.ts';
import { readRule, writeRule, type EditorRule } from './model/rule-model.ts';

/** What an edit begins with. */
export interface Start {
  /** Empty for a new rule. */
  ruleId: string;
  /** 0 for a new rule. */
  version: number;
  /** As it is stored; null for a new rule. */
  base: JsonObject | null;
  /** What the form shows at first. */
  rule: JsonObject;
}

type Step =
  | { what: 'edit'; edit: (rule: EditorRule) => EditorRule; about: string | null; at: number }
  | { what: 'undo' }
  | { what: 'redo' }
  | { what: 'restart'; rule: EditorRule };

function step(history: History<EditorRule>, next: Step): History<EditorRule> {
  if (next.what === 'undo') return undo(history);
  if (next.what === 'redo') return redo(history);
  if (next.what === 'restart') return startHistory(next.rule);
  return record(history, next.edit(history.present), next.about, next.at);
}

export function useEditing(start: Start, person: string) {
  const [found] = useState(() => findDraft(sessionStorage, person, start.ruleId));
  const [isRestored, setRestored] = useState(found !== null);
  const [stored, setStored] = useState({ rule: start.base, version: start.version });
  const [base, setBase] = useState({
    rule: found === null ? start.base : found.base,
    version: found?.version ?? start.version,
  });
  const [history, dispatch] = useReducer(step, found?.rule ?? start.rule, (rule) => startHistory(readRule(rule)));
  const [text, setText] = useState(found?.text ?? null);
  const [focus, setFocus] = useState<Change['focus']>();
  const [said, setSaid] = useState('');
  const { present } = history;
  const rule = useMemo(() => writeRule(present), [present]);
  const isChanged = useMemo(() => text !== null || !isSame(rule, base.rule ?? start.rule), [rule, text, base, start]);

  const latest = useRef(present);
  useEffect(() => {
    latest.current = present;
  }, [present]);
  useFocus(focus);
  const { hasRoom, forget } = useDraft(person, start.ruleId, isChanged, {
    rule,
    base: base.rule,
    version: base.version,
    text,
  });

  const change = useCallback(
    (edit: (rule: EditorRule) => EditorRule, { about, focus: next, said: told }: Change = {}): void => {
      dispatch({ what: 'edit', edit, about: about ?? null, at: Date.now() });
      if (next !== undefined) setFocus({ ...next });
      if (told !== undefined) setSaid(told);
    },
    [],
  );
  const current = useCallback(() => latest.current, []);

  return {
    present,
    rule,
    base,
    text,
    setText,
    said,
    setSaid,
    hasRoom,
    isChanged,
    isRestored,
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    change,
    current,
    undo: () => dispatch({ what: 'undo' }),
    redo: () => dispatch({ what: 'redo' }),
    /** Goes on from what another person has saved. */
    rebase: (version: number, theirs: JsonObject, merged: JsonObject): void => {
      setStored({ rule: theirs, version });
      setBase({ rule: theirs, version });
      setText(null);
      dispatch({ what: 'edit', edit: () => readRule(merged), about: null, at: Date.now() });
    },
    /** Back to what is stored. */
    discard: (): void => {
      forgetDraft(sessionStorage, person, start.ruleId);
      setBase(stored);
      setText(null);
      setRestored(false);
      dispatch({ what: 'restart', rule: readRule(stored.rule ?? start.rule) });
    },
    /** Once it is saved or given up. */
    forget,
  };
}

export type Editing = ReturnType<typeof useEditing>;

/** Moves the focus to a part of the form once it is there. */
function useFocus(focus: Change['focus']): void {
  useEffect(() => {
    if (focus === undefined) return;
    const part = document.querySelector(`[data-node="${CSS.escape(focus.id)}"]`);
    const wanted =
      focus.control === undefined ? null : part?.querySelector<HTMLElement>(`[data-control="${focus.control}"]`);
    (wanted ?? part?.querySelector<HTMLElement>('[data-control="first"], input, select, textarea, button'))?.focus();
  }, [focus]);
}
