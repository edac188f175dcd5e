import { describe, expect, it } from 'vitest';
import { answerDataIssue, approvalRequest, approversIssue } from './approval-params.ts';
import { validateRule } from '../validation/validate-rule.ts';

function warnings(approvers: object, required: number) {
  const params = { title: 'Pay?', approvers, required };
  const rule = {
    name: 'Payout',
    trigger_event: 'customer.deposited',
    conditions: { match: 'all', rules: [] },
    actions: [{ type: 'approval.request', params }],
  };
  const report = validateRule(rule);
  expect(report.errors).toEqual([]);
  return report.warnings.map(({ path, code }) => `${path} ${code}`);
}

describe('an approval that more people have to give than are asked', () => {
  it('is warned of', () => {
    const few = ['actions[0] too_few_approvers'];
    expect(warnings({ users: ['carol'] }, 3)).toEqual(few);
    expect(warnings({ users: ['carol', 'carol'] }, 2)).toEqual(few);
    expect(warnings({ users: ['carol'], manager_of_customer: true }, 3)).toEqual(few);
  });

  it('is none where a role is asked, or as many people', () => {
    expect(warnings({ users: ['carol'], roles: ['SESSION_ADMIN'] }, 3)).toEqual([]);
    expect(warnings({ users: ['carol'], manager_of_customer: true }, 2)).toEqual([]);
  });
});

it.each([
  ['an empty name', ['']],
  ['a name that is no text', [7]],
  ['a name that is too long', ['x'.repeat(201)]],
  ['too many names', Array.from({ length: 51 }, (_, nth) => `user-${nth}`)],
])('refuses to ask by %s', (_, names) => {
  const issue = 'must list roles and users as texts that are not empty, at most 50 of each';
  expect(approversIssue({ users: names })).toBe(issue);
  expect(approversIssue({ roles: names })).toBe(issue);
});

it('is never made of approvers that are wrong', () => {
  const requestOf = (approvers: unknown) => approvalRequest({ title: 'Pay?', approvers });
  expect(() => requestOf({})).toThrow(
    new RangeError('approvers must name a role, a user or manager_of_customer: no person could answer'),
  );
  expect(requestOf({ manager_of_customer: true })).toMatchObject({ roles: [], users: [], managerOfCustomer: true });
});

it('takes objects of bounded size and depth along with an answer', () => {
  expect(answerDataIssue({ 'a.b': 1 })).toBeNull();
  expect(answerDataIssue([1])).toBe('must be an object');
  expect(answerDataIssue({ text: 'x'.repeat(20_000) })).toContain('16384 characters');
  expect(answerDataIssue({ deep: JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`) as unknown })).toContain('32 levels');
});

it('gives the exception paths of an action as far as they are said', () => {
  const pathsOf = (params: object) =>
    approvalRequest({ title: 'Pay?', approvers: { users: ['carol'] }, ...params }).onException;
  expect(pathsOf({})).toEqual({ CANCEL: null, ERROR: null });
  expect(pathsOf({ on_cancel: 'stop' })).toEqual({ CANCEL: 'stop', ERROR: null });
  expect(pathsOf({ on_exception: 'continue', on_error: 'fail' })).toEqual({ CANCEL: 'continue', ERROR: 'fail' });
});
