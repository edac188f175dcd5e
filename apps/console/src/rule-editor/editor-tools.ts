/** What every part of the form needs, without being drawn anew with each letter that is typed. */
import { createContext, useContext } from 'react';
import type { Language } from './model/field-values.ts';
import type { EditorRule } from './model/rule-model.ts';
import type { Problem } from '../shared/client.ts';
import type { Field, Registry, Trigger } from './rule-editor.queries.ts';

export interface Change {
  /** The place that is typed into: typing on is one step. Left out: a step of its own. */
  about?: string;
  /** The node or action that has the focus afterwards, and which of its controls. */
  focus?: { id: string; control?: string };
  /** Said to screen readers. */
  said?: string;
}

export interface EditorTools {
  registry: Registry;
  language: Language;
  current: () => EditorRule;
  change: (edit: (rule: EditorRule) => EditorRule, change?: Change) => void;
  toYaml: () => void;
}

export interface ShownProblem extends Problem {
  isWarning: boolean;
}

export interface Problems {
  all: readonly ShownProblem[];
  /** Places that were left, or all: what is missing there is a mistake by now. */
  isTouched: (place: string) => boolean;
}

export interface TriggerFields {
  trigger: Trigger | null;
  fields: readonly FieldChoice[];
}

/** A field with the group it is offered in. */
export interface FieldChoice extends Pick<Field, 'path' | 'type' | 'unit' | 'values' | 'description'> {
  label: string;
  root: string;
  isOwn: boolean;
}

export const ToolsContext = createContext<EditorTools | null>(null);
export const ProblemsContext = createContext<Problems>({ all: [], isTouched: () => false });
export const FieldsContext = createContext<TriggerFields>({ trigger: null, fields: [] });

export function useTools(): EditorTools {
  const tools = useContext(ToolsContext);
  if (tools === null) throw new Error('There is no rule editor around this part');
  return tools;
}

export function useFields(): TriggerFields {
  return useContext(FieldsContext);
}
