/**
 * The action types a rule may use, with their parameters: what validation checks and what the registry shows. A new
 * action type is a new entry here and its activity.
 */
import {
  approvalLimits,
  approvalPaths,
  approvalRequest,
  approvalShortage,
  approversIssue,
} from '../approvals/approval-params.ts';
import { messageOf, type Problem } from '../errors/errors.ts';
import type { Expectation } from '../errors/problem-codes.ts';
import { checkSpan, delayUnits, maxDelayMs } from '../values/duration.ts';
import { defaultWebhookMethod, webhookMethods, webhookTimeout } from './action-params.ts';
import { checkHeaders, checkHttpUrl } from './check-http-request.ts';
import { statusKinds } from '../directory/directory.ts';
import { checkMailAddress, checkPhoneNumber } from './check-recipient.ts';
import { ruleLimits } from '../rules/rule-limits.ts';

/** `id` is a text that is not empty or a whole number; `headers` an object of texts. */
export type ParamType = 'string' | 'integer' | 'number' | 'boolean' | 'id' | 'headers' | 'object';

/** Records that rules name: by id, or by code or name. */
export type ParamSource =
  'manager' | 'team' | 'desk' | 'sales_status' | 'sales_or_kyc_status' | 'mail_template' | 'sms_template' | 'endpoint';

export interface ActionParam {
  name: string;
  type: ParamType;
  required: boolean;
  description: string;
  /** What acts when it is left out. */
  default?: string | number | boolean;
  /** Least number, or least length of a text. */
  min?: number;
  /** Greatest number, or greatest length of a text. */
  max?: number;
  /** Numbers beyond `min` and `max` act as those; they are no issue. */
  clamped?: boolean;
  values?: readonly string[];
  /** What it names in the directory. */
  refers_to?: ParamSource;
  /** What the text is, which decides how references in it are written; left out: prose. See `render-template.ts`. */
  holds?: 'url' | 'content';
  /** What an object says: a length of time, or who may approve. */
  shape?: 'span' | 'approvers';
  /** A further check of a value of the right type: what is wrong with it, continuing "params.x …", or null. */
  check?: ((value: unknown) => string | null) | undefined;
  /** What `check` lets pass. */
  expects?: Expectation;
}

export interface ActionType {
  type: string;
  description: string;
  params: readonly ActionParam[];
  /** Parameters beyond those listed are let through. */
  open_params?: boolean;
  /** False: rules may hold it, runs pass over it. */
  runtime_enabled: boolean;
  /** Why it is not enabled. */
  reason?: string;
  /** A check of all parameters together, once each is right by itself. */
  check?: (params: Record<string, unknown>) => string | null;
  /** Of parameters that are right: why they can hardly be meant so. */
  doubt?: (params: Record<string, unknown>) => Omit<Problem, 'path'> | null;
}

type Extra = Omit<ActionParam, 'name' | 'type' | 'required' | 'description'>;

const required = (name: string, type: ParamType, description: string, extra: Extra = {}): ActionParam => ({
  name,
  type,
  required: true,
  description,
  ...extra,
});

const optional = (name: string, type: ParamType, description: string, extra: Extra = {}): ActionParam => ({
  name,
  type,
  required: false,
  description,
  ...extra,
});

const noKycModule = 'Not executed: there is no KYC module yet. Runs record the step as skipped and go on.';
const template = { min: 1, max: ruleLimits.templateCode };
const team = { min: 1, max: ruleLimits.teamId, refers_to: 'team' } as const;
const manager = { refers_to: 'manager' } as const;
const code = { min: 1, max: ruleLimits.statusCode };

const requestParams = [
  optional('headers', 'headers', 'Request headers, name to value', { check: checkHeaders, expects: 'http_headers' }),
  optional('body', 'string', 'Body, sent as it is', { max: ruleLimits.webhookBody, holds: 'content' }),
  optional('timeout_ms', 'integer', 'Milliseconds to wait for the answer; clamped', {
    default: webhookTimeout.defaultMs,
    min: webhookTimeout.minMs,
    max: webhookTimeout.maxMs,
    clamped: true,
  }),
];

export const actionCatalog: readonly ActionType[] = [
  {
    type: 'notify.manager',
    description: "Notifies a manager: the given one, else the customer's, else all enabled managers",
    params: [
      optional('manager_id', 'integer', "Manager to notify; 0 or left out: the customer's", { ...manager, min: 0 }),
      optional('title', 'string', 'Title of the notification', { max: ruleLimits.notificationTitle }),
      optional('message', 'string', 'Text of the notification', { max: ruleLimits.notificationMessage }),
    ],
    runtime_enabled: true,
  },
  {
    type: 'customer.set_risk_level',
    description: "Sets the linked customer's risk level",
    params: [required('risk_level', 'id', 'The new risk level', code)],
    runtime_enabled: true,
  },
  {
    type: 'customer.set_status',
    description: "Sets the linked customer's sales status",
    params: [required('status', 'id', 'Id or code of the new status', { ...code, refers_to: 'sales_status' })],
    runtime_enabled: true,
  },
  {
    type: 'set_status',
    description: "Sets the linked customer's sales or KYC status",
    params: [
      required('status', 'id', 'Id or code of the new status', { ...code, refers_to: 'sales_or_kyc_status' }),
      optional('kind', 'string', 'Which status', { default: 'sales', values: statusKinds }),
    ],
    runtime_enabled: true,
  },
  {
    type: 'set_customer_active',
    description: 'Switches the linked customer on or off',
    params: [required('active', 'boolean', 'Whether the customer is active from now on')],
    runtime_enabled: true,
  },
  {
    type: 'create_task',
    description: 'Creates a task about the linked customer',
    params: [
      required('type', 'string', 'What kind of task, e.g. follow_up', { min: 1, max: ruleLimits.taskType }),
      optional('due_in', 'object', 'When it is due, e.g. { "value": 2, "unit": "days" }; left out: at any time', {
        check: checkSpan,
        expects: 'span',
        shape: 'span',
      }),
      optional('title', 'string', "Title of the task; left out: the rule's name", { max: ruleLimits.taskTitle }),
      optional('assignee_id', 'integer', "Manager who is to do it; 0 or left out: the customer's", {
        ...manager,
        min: 0,
      }),
    ],
    runtime_enabled: true,
  },
  {
    type: 'add_note',
    description: "Adds a note to the linked customer's activity feed",
    params: [required('body', 'string', 'Text of the note', { min: 1, max: ruleLimits.noteBody })],
    runtime_enabled: true,
  },
  {
    type: 'increment_manager_counter',
    description: 'Adds to a counter of a manager',
    params: [
      required('counter', 'string', 'Name of the counter, e.g. deposits', { min: 1, max: ruleLimits.counterName }),
      optional('by', 'integer', 'How much to add', { default: 1, min: 1, max: ruleLimits.counterStep }),
      optional('manager_id', 'integer', "Manager whose counter it is; 0 or left out: the customer's", {
        ...manager,
        min: 0,
      }),
    ],
    runtime_enabled: true,
  },
  {
    type: 'freeze_account',
    description:
      "Freezes the event's account; without one, every account that the linked customer has with the run's brand",
    params: [optional('reason', 'string', "Why; left out: the rule's name", { max: ruleLimits.freezeReason })],
    runtime_enabled: true,
  },
  {
    type: 'assign_to_team',
    description: 'Assigns the linked customer to the agents of a team and the teams below it, in turn',
    params: [required('team_id', 'id', 'Id of the team', team)],
    runtime_enabled: true,
  },
  {
    type: 'assign_to_agent',
    description: 'Assigns the linked customer to one agent, or to an agent of a desk',
    params: [
      optional('agent_id', 'integer', 'Manager to assign to', { ...manager, min: 1 }),
      optional('agent', 'string', 'Code of a desk instead, e.g. retention', {
        min: 1,
        max: ruleLimits.deskCode,
        refers_to: 'desk',
      }),
    ],
    runtime_enabled: true,
    check: ({ agent_id, agent }) =>
      (agent_id === undefined) === (agent === undefined) ? 'must have either agent_id or agent' : null,
  },
  {
    type: 'reassign_round_robin',
    description: 'Assigns the linked customer to the next agent of a team, another than the present one',
    params: [optional('team_id', 'id', "Id of the team; left out: the customer's", team)],
    runtime_enabled: true,
  },
  {
    type: 'handover_to_retention',
    description: 'Moves the linked customer to the retention desk',
    params: [],
    runtime_enabled: true,
  },
  {
    type: 'webhook.send',
    description: 'Sends an HTTP request; any answer but 2xx fails the run',
    params: [
      required('url', 'string', 'Where to send it: http or https', {
        min: 1,
        max: ruleLimits.url,
        holds: 'url',
        check: checkHttpUrl,
        expects: 'http_url',
      }),
      optional('method', 'string', 'HTTP method', { default: defaultWebhookMethod, values: webhookMethods }),
      ...requestParams,
    ],
    runtime_enabled: true,
  },
  {
    type: 'webhook',
    description:
      'Sends an HTTP POST request to a URL or an endpoint of the directory; any answer but 2xx fails the run',
    params: [
      optional('url', 'string', 'Where to send it: http or https', {
        min: 1,
        max: ruleLimits.url,
        holds: 'url',
        check: checkHttpUrl,
        expects: 'http_url',
      }),
      optional('target', 'string', 'Name of an endpoint of the directory, instead of a URL', {
        min: 1,
        max: ruleLimits.endpointName,
        refers_to: 'endpoint',
      }),
      ...requestParams,
    ],
    runtime_enabled: true,
    check: ({ url, target }) =>
      (url === undefined) === (target === undefined) ? 'must have either url or target' : null,
  },
  {
    type: 'send_email',
    description: 'Sends a mail to the linked customer: a template of the directory, or a text',
    params: [
      optional('subject', 'string', "Subject; left out: the template's", { min: 1, max: ruleLimits.mailSubject }),
      optional('template', 'string', 'Code of a mail template of the directory', {
        ...template,
        refers_to: 'mail_template',
      }),
      optional('body', 'string', 'Plain text, instead of a template', { min: 1, max: ruleLimits.mailBody }),
      optional('to', 'string', "Address; left out: the customer's", {
        check: checkMailAddress,
        expects: 'mail_address',
      }),
    ],
    runtime_enabled: true,
    check: ({ subject, template, body }) => {
      if (template !== undefined) return body === undefined ? null : 'must not have both template and body';
      return subject === undefined ? 'must have a template, or a subject' : null;
    },
  },
  {
    type: 'send_sms',
    description: 'Sends an SMS to the linked customer: a template of the directory, or a text',
    params: [
      optional('template', 'string', 'Code of an SMS template of the directory', {
        ...template,
        refers_to: 'sms_template',
      }),
      optional('body', 'string', 'Text, instead of a template', { min: 1, max: ruleLimits.smsText }),
      optional('to', 'string', "Phone number with its country; left out: the customer's", {
        check: checkPhoneNumber,
        expects: 'phone_number',
      }),
    ],
    runtime_enabled: true,
    check: ({ template, body }) =>
      (template === undefined) === (body === undefined) ? 'must have either template or body' : null,
  },
  {
    type: 'approval.request',
    description: 'Waits until the right people have approved, rejected, or let the time run out',
    params: [
      required('title', 'string', 'What is asked', { min: 1, max: ruleLimits.notificationTitle }),
      optional('message', 'string', 'What they should know', { max: ruleLimits.notificationMessage }),
      required('approvers', 'object', 'Who may answer: { "roles": […], "users": […], "manager_of_customer": true }', {
        check: approversIssue,
        expects: 'approvers',
        shape: 'approvers',
      }),
      optional('required', 'integer', 'How many have to approve', { default: 1, min: 1, max: approvalLimits.required }),
      optional('forbid_initiator', 'boolean', 'Whoever set the run off may not answer', { default: true }),
      optional('expires_in', 'object', 'How long they have, e.g. { "value": 2, "unit": "days" }; left out: for ever', {
        check: checkSpan,
        expects: 'span',
        shape: 'span',
      }),
      optional('remind_before', 'object', 'How long before the end they are reminded', {
        check: checkSpan,
        expects: 'span',
        shape: 'span',
      }),
      optional('on_expire', 'string', 'The run then fails, goes on, or stops without failing', {
        default: 'fail',
        values: approvalPaths,
      }),
      optional('on_reject', 'string', 'The same, when an approver rejects', { default: 'fail', values: approvalPaths }),
      optional('on_cancel', 'string', 'The same, when the action is cancelled; left out: on_exception', {
        values: approvalPaths,
      }),
      optional('on_error', 'string', 'The same, when an error of the action is reported; left out: on_exception', {
        values: approvalPaths,
      }),
      optional('on_exception', 'string', 'For both; left out: the action can be cancelled only as far as they say so', {
        values: approvalPaths,
      }),
    ],
    runtime_enabled: true,
    check: (params) => {
      try {
        approvalRequest(params);
        return null;
      } catch (error) {
        return `cannot be used: ${messageOf(error)}`;
      }
    },
    doubt: (params) => {
      const message = approvalShortage(params);
      return message === null
        ? null
        : { code: 'too_few_approvers', message, params: { min: approvalRequest(params).required } };
    },
  },
  {
    type: 'kyc.require_step',
    description: 'Requires a KYC step of the customer',
    params: [],
    open_params: true,
    runtime_enabled: false,
    reason: noKycModule,
  },
  {
    type: 'kyc.set_required_level',
    description: 'Sets the KYC level the customer has to reach',
    params: [],
    open_params: true,
    runtime_enabled: false,
    reason: noKycModule,
  },
  {
    type: 'delay',
    description: 'Waits before the next action; survives restarts',
    params: [
      required('value', 'integer', 'How many units', { min: 1 }),
      required('unit', 'string', 'Unit of the value', { values: Object.keys(delayUnits) }),
    ],
    runtime_enabled: true,
    check: ({ value, unit }) => {
      const unitMs = delayUnits[unit as keyof typeof delayUnits];
      return Number(value) * unitMs > maxDelayMs ? 'must not wait longer than 365 days' : null;
    },
  },
];

const byType: ReadonlyMap<string, ActionType> = new Map(actionCatalog.map((action) => [action.type, action]));

export function findActionType(type: string): ActionType | null {
  return byType.get(type) ?? null;
}
