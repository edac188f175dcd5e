import { ApplicationFailure } from '@temporalio/common';
import { WorkflowFailedError } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PermanentError, RetryableError } from '#libs/domain/errors/errors.ts';
import type { RuleAction } from '#libs/domain/rules/rule.ts';
import { Recording } from './recording-activities.ts';
import { executeRun, timeSkippingEnvironment } from './run-harness.ts';

const notify: RuleAction = { type: 'notify.manager', params: {} };
const status: RuleAction = { type: 'customer.set_status', params: { status: 'vip' } };
const risk: RuleAction = { type: 'customer.set_risk_level', params: { risk_level: 'high' } };
const webhook: RuleAction = { type: 'webhook.send', params: { url: 'https://hooks.example.com/T0/secret' } };

let environment: TestWorkflowEnvironment;
beforeAll(async () => {
  environment = await timeSkippingEnvironment();
});
afterAll(() => environment.teardown());

describe('the chain of a run', () => {
  it('R-116 carries the actions out in the given order', async () => {
    const { recording, record, error } = await executeRun(environment, [status, webhook, notify, risk]);
    expect(error).toBeUndefined();
    expect(recording.calls.map(({ activity }) => activity)).toEqual([
      'setCustomerStatus',
      'webhookSend',
      'notifyManager',
      'setCustomerRiskLevel',
    ]);
    expect(record?.actions.map(({ status }) => status)).toEqual(Array(4).fill('completed'));
  });

  it('gives each action a key of its own', async () => {
    const { recording, input } = await executeRun(environment, [notify, notify]);
    expect(recording.calls.map((call) => call.input.key)).toEqual([
      `${input.executionId}/action-0`,
      `${input.executionId}/action-1`,
    ]);
  });

  it('finishes a rule of effects alone in one workflow task', async () => {
    const { history } = await executeRun(environment, [notify, status, risk]);
    expect(history.filter((type) => type === 'EVENT_TYPE_WORKFLOW_TASK_COMPLETED')).toHaveLength(1);
    // Beside it: the start, all that happened, the end.
    expect(history).toHaveLength(3 + 1 + 1 + 1);
  });

  it('tries an effect that failed in ruleSet again by itself, under its own policy', async () => {
    const recording = new Recording({
      setCustomerStatus: (attempt) => {
        if (attempt < 4) throw ApplicationFailure.retryable('the store is away', 'store_unavailable');
      },
    });
    const { record, error, events } = await executeRun(environment, [notify, status, risk], { recording });
    expect(error).toBeUndefined();
    expect(recording.calls.map(({ activity, attempt }) => `${activity} ${attempt}`)).toEqual([
      'notifyManager 1',
      'setCustomerStatus 1',
      'setCustomerStatus 2',
      'setCustomerStatus 3',
      'setCustomerStatus 4',
      'setCustomerRiskLevel 1',
    ]);
    expect(record?.actions.map(({ status }) => status)).toEqual(Array(3).fill('completed'));
    expect(events.map(({ eventType }) => eventType)).toEqual(['WorkflowStarted', 'WorkflowCompleted']);
    expect(recording.actionReports.map(({ outcome }) => outcome.index)).toEqual([0, 1, 2]);
  });

  it('counts the attempt made in ruleSet among those of an effect that fails in the end', async () => {
    const recording = new Recording({
      setCustomerStatus: (attempt) => {
        if (attempt === 1) throw ApplicationFailure.retryable('the store is away', 'store_unavailable');
        throw ApplicationFailure.nonRetryable('no such status', 'status_not_found', { attempts: attempt - 1 });
      },
    });
    const { record } = await executeRun(environment, [status, risk], { recording });
    expect(record?.actions).toMatchObject([
      { status: 'failed', attempts: 2, error: { code: 'status_not_found' } },
      { status: 'not_run' },
    ]);
  });

  it('carries nothing out twice when what it has to tell cannot be told at first', async () => {
    const recording = new Recording();
    const plain = { ...recording.activities };
    let refusals = 2;
    recording.activities.recordRun = async (input) => {
      if (input.run !== null && refusals-- > 0) throw new Error('the store is away');
      await plain.recordRun(input);
    };
    const { record, input } = await executeRun(environment, [notify, status], { recording });
    expect(record?.status).toBe('completed');
    const keys = new Set(recording.calls.map((call) => call.input.key));
    expect([...keys]).toEqual([`${input.executionId}/action-0`, `${input.executionId}/action-1`]);
    expect(recording.actionReports).toHaveLength(2);
  });

  it('fails on params it cannot use only when the chain comes to them', async () => {
    const wrong = { type: 'customer.set_status', params: {} };
    const { recording, record } = await executeRun(environment, [notify, wrong, risk]);
    expect(recording.calls.map(({ activity }) => activity)).toEqual(['notifyManager']);
    expect(record?.actions.map(({ status }) => status)).toEqual(['completed', 'failed', 'not_run']);
  });

  it('stops after an action that failed for good, and fails', async () => {
    const recording = new Recording({
      setCustomerStatus: () => {
        throw ApplicationFailure.nonRetryable('There is no status gold', 'status_not_found', { attempts: 1 });
      },
    });
    const { error, record, input } = await executeRun(environment, [notify, status, risk], { recording });
    expect(recording.calls.map(({ activity }) => activity)).toEqual(['notifyManager', 'setCustomerStatus']);
    expect(record).toMatchObject({
      status: 'failed',
      error: { code: 'status_not_found', message: 'There is no status gold', action: 'action-1' },
      actions: [
        { index: 0, status: 'completed', attempts: 1 },
        { index: 1, status: 'failed', attempts: 1, error: { code: 'status_not_found' } },
        { index: 2, status: 'not_run', attempts: 0, started_at: null, finished_at: null },
      ],
    });
    expect(error).toBeInstanceOf(WorkflowFailedError);
    expect((error as WorkflowFailedError).cause).toMatchObject({
      type: 'status_not_found',
      message: 'There is no status gold',
      nonRetryable: true,
    });
    expect(recording.runReports).toMatchObject([{ runId: input.executionId, status: 'failed' }]);
  });

  it('tries a webhook five times, then fails', async () => {
    const recording = new Recording({
      webhookSend: () => {
        throw new RetryableError('webhook_status', '503 from hooks.example.com');
      },
    });
    const { record } = await executeRun(environment, [webhook, notify], { recording });
    expect(recording.calls.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5]);
    expect(record?.actions).toMatchObject([
      { status: 'failed', attempts: 5, error: { code: 'webhook_status', message: '503 from hooks.example.com' } },
      { status: 'not_run' },
    ]);
  });

  it('makes calls that follow one another in one activity', async () => {
    const { recording, record, history } = await executeRun(environment, [webhook, webhook, webhook]);
    expect(recording.calls.map(({ input }) => input.key.split('/').at(-1))).toEqual([
      'action-0',
      'action-1',
      'action-2',
    ]);
    expect(record).toMatchObject({ status: 'completed', actions: Array(3).fill({ status: 'completed', attempts: 1 }) });
    expect(history.filter((type) => type === 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED')).toHaveLength(1);
    expect(recording.runReports).toMatchObject([{ status: 'completed' }]);
  });

  it('tries only the call again that failed, and goes on after it', async () => {
    let refusals = 0;
    const recording = new Recording({
      webhookSend: () => {
        if (recording.calls.length === 2 && refusals++ < 1) throw new RetryableError('webhook_status', '503');
      },
    });
    const { record } = await executeRun(environment, [webhook, webhook, webhook], { recording });
    const made = recording.calls.map(({ input, attempt }) => `${input.key.split('/').at(-1)} ${attempt}`);
    expect(made).toEqual(['action-0 1', 'action-1 1', 'action-1 2', 'action-2 1']);
    expect(record?.actions.map(({ attempts }) => attempts)).toEqual([1, 2, 1]);
  });

  it('keeps what calls before the failed one have done', async () => {
    const recording = new Recording({
      webhookSend: () => {
        if (recording.calls.length === 2) throw new PermanentError('webhook_status', '404 from hooks.example.com');
      },
    });
    const { record } = await executeRun(environment, [webhook, webhook, webhook], { recording });
    expect(record).toMatchObject({
      status: 'failed',
      error: { code: 'webhook_status', action: 'action-1' },
      actions: [
        { status: 'completed', detail: 'webhookSend done' },
        { status: 'failed', attempts: 1 },
        { status: 'not_run' },
      ],
    });
  });

  it('R-097 R-098 R-099 passes over kyc actions and goes on', async () => {
    const kyc = ['kyc.require_step', 'kyc.set_required_level'].map((type) => ({ type, params: { level: 2 } }));
    const { recording, record, error } = await executeRun(environment, [...kyc, notify]);
    expect(error).toBeUndefined();
    expect(recording.calls.map(({ activity }) => activity)).toEqual(['notifyManager']);
    expect(record?.status).toBe('completed');
    expect(record?.actions).toMatchObject([
      { type: 'kyc.require_step', status: 'skipped', detail: 'action_disabled', attempts: 0 },
      { type: 'kyc.set_required_level', status: 'skipped', detail: 'action_disabled', attempts: 0 },
      { type: 'notify.manager', status: 'completed' },
    ]);
  });

  it.each([
    [{ type: 'customer.clone', params: {} }, 'unknown_action'],
    [{ type: 'webhook.send', params: {} }, 'invalid_params'],
    [{ type: 'customer.set_status', params: { status: { toString: 1 } } }, 'invalid_params'],
    [{ type: 'delay', params: { value: 0, unit: 'days' } }, 'invalid_params'],
    [{ type: 'create_task', params: { type: 'call', due_in: { value: 0, unit: 'days' } } }, 'invalid_params'],
    [{ type: 'increment_manager_counter', params: { counter: 'calls', by: 0 } }, 'invalid_params'],
    [{ type: 'assign_to_team', params: {} }, 'invalid_params'],
    [{ type: 'assign_to_agent', params: {} }, 'invalid_params'],
    [{ type: 'assign_to_agent', params: { agent_id: 1, agent: 'vip' } }, 'invalid_params'],
    [{ type: 'set_customer_active', params: { active: 'yes' } }, 'invalid_params'],
    [{ type: 'set_status', params: { status: 'vip', kind: 'loyalty' } }, 'invalid_params'],
  ])('fails on an action it cannot execute: %j', async (action, code) => {
    const { recording, record } = await executeRun(environment, [action, notify]);
    expect(recording.calls).toEqual([]);
    expect(record).toMatchObject({ status: 'failed', error: { code, action: 'action-0' } });
  });

  it('tells of every outcome once, with what a person wants to know', async () => {
    const { recording, input } = await executeRun(environment, [
      notify,
      { type: 'kyc.require_step', params: {} },
      webhook,
    ]);
    const names = { runId: input.executionId, ruleId: input.rule.id, ruleName: 'Big deposit', eventId: 'evt-1' };
    expect(recording.actionReports).toMatchObject([
      { ...names, total: 3, outcome: { index: 0, status: 'completed', detail: 'notifyManager done', attempts: 1 } },
      { ...names, total: 3, outcome: { index: 1, status: 'skipped' } },
      { ...names, total: 3, outcome: { index: 2, status: 'completed', detail: 'webhookSend done' } },
    ]);
    expect(recording.runReports).toMatchObject([{ ...names, status: 'completed', error: null }]);
  });

  it('fails at an action that cannot be executed with what the event holds', async () => {
    const actions = [notify, { ...status, issue: 'params.status must not be empty' }, risk];
    const { recording, record } = await executeRun(environment, actions);
    expect(recording.calls.map(({ activity }) => activity)).toEqual(['notifyManager']);
    expect(record?.actions).toMatchObject([
      { status: 'completed' },
      { status: 'failed', error: { code: 'invalid_params', message: 'params.status must not be empty' } },
      { status: 'not_run' },
    ]);
  });

  it('shows in the Temporal UI which action runs, without secrets', async () => {
    const { handle } = await executeRun(environment, [notify, webhook]);
    const { events } = await handle.fetchHistory();
    const summaries = (events ?? []).flatMap(({ userMetadata }) =>
      userMetadata?.summary?.data ? [Buffer.from(userMetadata.summary.data).toString()] : [],
    );
    expect(summaries).toContain('"1/2 notify.manager"');
    expect(summaries).toContain('"2/2 webhook.send hooks.example.com"');
    expect(summaries.join()).not.toContain('secret');
  });

  it('names the effects executed together in no more bytes than the server takes', async () => {
    const many = Array.from({ length: 20 }, () => ({ ...status, params: { status: '🟢'.repeat(40) } }));
    const { handle, error } = await executeRun(environment, many);
    expect(error).toBeUndefined();
    const { events } = await handle.fetchHistory();
    const sizes = (events ?? []).map(({ userMetadata }) => userMetadata?.summary?.data?.length ?? 0);
    expect(Math.max(...sizes)).toBeGreaterThan(100);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(400);
  });
});
