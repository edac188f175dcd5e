/** Actions that leave a record of their own. */
import { spanMilliseconds } from '#libs/domain/values/duration.ts';
import { messageOf, PermanentError } from '#libs/domain/errors/errors.ts';
import { invalid, optionalInteger, optionalText, requiredText, shown } from './read-params.ts';
import type { StateChangeHandler, Params } from './action-handler.ts';

export const createTask: StateChangeHandler = {
  kind: 'effect',
  hint: ({ type }) => shown(type),
  effect: (params, subject) => ({
    activity: 'createTask',
    input: {
      ...subject,
      type: requiredText(params, 'type'),
      title: optionalText(params, 'title'),
      dueInMs: dueIn(params),
      assigneeId: optionalInteger(params, 'assignee_id'),
    },
  }),
};

export const addNote: StateChangeHandler = {
  kind: 'effect',
  effect: (params, subject) => ({
    activity: 'addNote',
    input: { ...subject, body: requiredText(params, 'body') },
  }),
};

export const incrementManagerCounter: StateChangeHandler = {
  kind: 'effect',
  hint: ({ counter, by }) => `${shown(counter)} +${shown(by ?? 1)}`,
  effect: (params, subject) => ({
    activity: 'incrementManagerCounter',
    input: {
      ...subject,
      counter: requiredText(params, 'counter'),
      by: atLeastOne(params, 'by'),
      managerId: optionalInteger(params, 'manager_id'),
    },
  }),
};

function atLeastOne(params: Params, name: string): number {
  const value = optionalInteger(params, name) ?? 1;
  if (value < 1) throw invalid(name, 'at least 1');
  return value;
}

function dueIn({ due_in: span }: Params): number | null {
  if (span === undefined || span === null) return null;
  if (typeof span !== 'object') throw invalid('due_in', 'an object {value, unit}');
  try {
    return spanMilliseconds(span as Params);
  } catch (error) {
    throw new PermanentError('invalid_params', `due_in: ${messageOf(error)}`, { cause: error });
  }
}
