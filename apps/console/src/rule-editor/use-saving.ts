import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { ApiFailure } from '../shared/client.ts';
import { useWrite } from '../shared/use-write.ts';
import { saveRule } from './save-rule.ts';
import { useConflict } from './use-conflict.ts';
import type { Editing } from './use-editing.ts';

/** Saves the rule on the version that was read, and goes to its page. @param json the rule */
export function useSaving(ruleId: string, json: string, editing: Editing) {
  /** The id that was sent with a new rule. */
  const [sentId, setSentId] = useState<unknown>();
  const navigate = useNavigate();
  const isSaved = useRef(false);
  const { write, reset, error, isPending } = useWrite(saveRule, {
    onTaken: ({ id }) => {
      isSaved.current = true;
      editing.forget();
      void navigate({ to: '/rules/$ruleId', params: { ruleId: id }, ignoreBlocker: true });
    },
    changes: [['rules'], ['rule']],
  });
  const conflict = useConflict(ruleId, error);
  const isTaken = ruleId === '' && error instanceof ApiFailure && error.code === 'version_conflict';
  return {
    isPending,
    conflict,
    /** Another rule has this id; undefined: none that is known. */
    takenId: isTaken ? sentId : undefined,
    /** A conflict that is shown is no failure any more. */
    error: conflict === null && !isTaken ? error : null,
    /** The rule was deleted meanwhile. */
    isGone: error instanceof ApiFailure && error.code === 'rule_not_found',
    isUnsaved: (): boolean => !isSaved.current,
    /** @param id that the rule has, if it is new and says one */
    send: (id: unknown): void => {
      setSentId(id);
      write({ ruleId, version: editing.base.version, text: json });
    },
    sendAsNew: (): void => write({ ruleId: '', version: 0, text: json }),
    reset,
  };
}
