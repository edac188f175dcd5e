/**
 * References in the parameters of actions: checked when a rule is saved, compiled with the rule, rendered when an event
 * is decided on, so that a run carries finished texts. A rule without references costs nothing.
 */
import { findActionType, type ActionParam } from './action-catalog.ts';
import { isShortenable, paramIssue } from './check-param.ts';
import type { RuntimeContext } from '../context/evaluation-context.ts';
import { messageOf, PermanentError } from '../errors/errors.ts';
import { fieldAdvice, isKnownField, type FieldSchema } from '../context/fields.ts';
import { isJsonObject } from '../json/json-object.ts';
import { mayHoldTemplate, readExpressions, type TemplateParts } from '../templates/template.ts';
import { renderAs, buildSample, type TemplateContext, type Render } from '../templates/render-template.ts';
import type { RuleAction } from '../rules/rule.ts';
import { ruleLimits } from '../rules/rule-limits.ts';
import type { RunAction } from '../runs/run.ts';
import { shorten } from '../values/shorten.ts';

/** @returns the actions as the run carries them out: nothing is left to look up or to evaluate */
export type RenderActions = (context: RuntimeContext) => RunAction[];

/** @returns how texts of this parameter may refer to the context; null: not at all */
export function templateContextFor({ type, values, holds }: ActionParam): TemplateContext | null {
  if (type === 'headers') return 'header';
  if (type === 'id') return 'id';
  return type === 'string' && values === undefined ? (holds ?? 'text') : null;
}

/**
 * Checks the references of one text.
 * @returns the text as later checks see it, with an `x` for each reference
 * @throws PermanentError `wrong_reference` or `unknown_field`; its message continues "params.x …"
 */
export function checkTemplates(text: string, form: TemplateContext, fields: readonly FieldSchema[]): string {
  const parts = readExpressions(text);
  renderAs(form, parts);
  for (const { path } of readTemplates(parts)) {
    if (isKnownField(path, fields)) continue;
    throw new PermanentError('unknown_field', `refers to ${path}, which is no field: ${fieldAdvice(path)}`);
  }
  return buildSample(parts);
}

function readTemplates(parts: TemplateParts): { path: string }[] {
  return parts.filter((part) => typeof part !== 'string');
}

/** @returns null when no action refers to anything. @throws PermanentError `wrong_reference` */
export function compileActions(actions: readonly RuleAction[]): RenderActions | null {
  const compiled = actions.map(compileAction);
  if (compiled.every((render) => render === null)) return null;
  return (context) => withinLimit(actions.map((action, index) => compiled[index]?.(context) ?? action));
}

type RenderAction = (context: RuntimeContext) => RunAction;

function compileAction(action: RuleAction): RenderAction | null {
  const renderers = (findActionType(action.type)?.params ?? []).flatMap((param) => {
    const form = templateContextFor(param);
    const render = form === null ? null : compileValue(action.params[param.name], form);
    return render === null ? [] : [{ param, render }];
  });
  if (renderers.length === 0) return null;
  return (context) => {
    const params = { ...action.params };
    const rendered: RunAction = { type: action.type, params };
    for (const { param, render } of renderers) {
      try {
        const value = shortened(param, render(context));
        params[param.name] = value;
        const issue = paramIssue(param, value);
        if (issue !== null) rendered.issue ??= `params.${param.name} ${issue.message}`;
      } catch (error) {
        rendered.issue ??= `params.${param.name} ${messageOf(error)}`;
      }
    }
    return rendered;
  };
}

function compileValue(value: unknown, form: TemplateContext): ((context: RuntimeContext) => unknown) | null {
  if (typeof value === 'string') return compileText(value, form);
  if (form !== 'header' || !isJsonObject(value)) return null;
  const members = Object.entries(value).map(([name, text]) => ({
    name,
    text,
    render: typeof text === 'string' ? compileText(text, form) : null,
  }));
  if (members.every(({ render }) => render === null)) return null;
  return (context) => Object.fromEntries(members.map(({ name, text, render }) => [name, render?.(context) ?? text]));
}

function compileText(text: string, form: TemplateContext): Render | null {
  return mayHoldTemplate(text) ? renderAs(form, readExpressions(text)) : null;
}

/** Prose for people loses its end rather than the action. Anything else that is too long fails its action. */
function shortened(param: ActionParam, value: unknown): unknown {
  const { max = Infinity } = param;
  return typeof value === 'string' && isShortenable(param) ? shorten(value, max) : value;
}

/** Actions travel with their run, and Temporal refuses what is too big: those that go beyond the limit fail. */
function withinLimit(actions: RunAction[]): RunAction[] {
  let length = 0;
  return actions.map((action) => {
    length += JSON.stringify(action).length;
    if (length <= ruleLimits.actionsJson) return action;
    const issue = `with what the event holds, the actions take more than ${ruleLimits.actionsJson} characters`;
    return { type: action.type, params: {}, issue: issue };
  });
}
