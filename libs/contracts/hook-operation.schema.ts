/**
 * What incoming webhooks post: `{ "operation", "args": { "input" } }`, and the properties of each operation's input. A
 * property that is null counts as one that was not sent.
 */
import { z } from 'zod';
import { exceptionTypes } from '#libs/domain/approvals/approval.ts';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import { decodeActionId, decodeId, type GlobalIdType } from '#libs/domain/hooks/global-id.ts';

const maxTextLength = 1024;
const maxExceptionLength = 2000;

const text = (longest = maxTextLength) =>
  z
    .string('must be a String')
    .min(1, 'must not be empty')
    .max(longest, `must not be longer than ${longest} characters`);
const int = z.int('must be an Int').min(1, 'must be 1 or greater');
const boolean = z.boolean('must be a Boolean');

/** Decodes an id with a function that throws PermanentError `invalid_input`. */
const decoded = <Value>(decode: (id: string) => Value) =>
  z.string('must be a String').transform((id, context) => {
    try {
      return decode(id);
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
      return z.NEVER;
    }
  });
const id = (type: GlobalIdType) => decoded((given) => decodeId(type, given)).optional();

const common = { clientMutationId: z.string('must be a String').max(maxTextLength).optional() };
const delegation = { onBehalfOf: id('User'), onBehalfOfUserName: text().optional() };
/** Its elements are read with the data items of the process. */
const parameters = { parameters: z.array(z.unknown(), 'must be a list').optional() };
const request = { number: int.optional(), id: id('Request') };
const action = { requestNumber: int.optional(), number: int.optional(), id: decoded(decodeActionId).optional() };

const exception = z.strictObject(
  {
    message: text(maxExceptionLength).optional(),
    source: text(maxExceptionLength).optional(),
  },
  { error: ({ code }) => (code === 'invalid_type' ? 'must be an object' : undefined) },
);

/** Under their canonical names. */
export const hookOperations = {
  createRequest: z.strictObject({
    processName: text().optional(),
    processVersion: int.optional(),
    processId: id('Process'),
    isTest: boolean.optional(),
    inTest: boolean.optional(),
    ...parameters,
    ...common,
    ...delegation,
  }),
  updateRequestDataset: z.strictObject({ ...request, ...parameters, ...common }),
  cancelRequest: z.strictObject({ ...request, notifyParticipant: boolean.optional(), ...common, ...delegation }),
  completeAction: z.strictObject({
    ...action,
    activityName: text().optional(),
    isTest: boolean.optional(),
    ...parameters,
    ...common,
    ...delegation,
  }),
  cancelAction: z.strictObject({
    ...action,
    type: z.enum(exceptionTypes, { error: `must be ${exceptionTypes.join(' or ')}` }).optional(),
    exception: exception.optional(),
    ...common,
    ...delegation,
  }),
  assignAction: z.strictObject({
    ...action,
    assigneeUserName: text().optional(),
    assigneeId: id('User'),
    ...common,
    ...delegation,
  }),
  cancelActionAssignment: z.strictObject({ ...action, ...common }),
} as const;

export type HookOperation = keyof typeof hookOperations;
export type HookInputs = { [Name in HookOperation]: z.output<(typeof hookOperations)[Name]> };

/** Those that are always executed in the name of the viewer. */
export const withoutDelegation: readonly HookOperation[] = ['updateRequestDataset', 'cancelActionAssignment'];

/** @param name whose first letter may be in either case. @returns the canonical name, or null */
export function findHookOperation(name: string): HookOperation | null {
  const canonical = name.slice(0, 1).toLowerCase() + name.slice(1);
  return Object.hasOwn(hookOperations, canonical) ? (canonical as HookOperation) : null;
}
