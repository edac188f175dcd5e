import { describe, expect, it } from 'vitest';
import type { DirectoryUser, UserGroup } from '../directory/directory-user.ts';
import {
  hasAccess,
  hasSystemAccess,
  mayActFor,
  mayAssign,
  mayCancelAction,
  mayCancelRequest,
  type Actor,
  type RequestScope,
} from './rights.ts';

const user = (given: Partial<DirectoryUser> = {}): DirectoryUser => ({
  id: 1,
  username: 'jane',
  enabled: true,
  ...given,
});
const group = (given: Partial<UserGroup>): UserGroup => ({
  code: 'g',
  name: 'G',
  right: 'administrator',
  users: ['jane'],
  ...given,
});
const actor = (groups: Partial<UserGroup>[] = [], given: Partial<DirectoryUser> = {}): Actor => ({
  user: user(given),
  groups: groups.map(group),
});
const scope: RequestScope = { brand: 'oak', folder: 'onboarding', initiators: ['ann'], participants: ['bob'] };
const manager = (folder: string): Actor => actor([{ right: 'folder_manager', folders: [folder] }]);

describe('rights on requests', () => {
  it.each([
    ['an administrator', actor([{}]), true],
    ['a manager of its folder', manager('onboarding'), true],
    ['a manager of another folder', manager('payments'), false],
    ['a supervisor', actor([{ right: 'supervisor' }]), true],
    ['a user of system operations', actor([{ right: 'system_operations' }]), true],
    ['who started it', actor([], { username: 'ann' }), true],
    ['who is asked', actor([], { username: 'bob' }), true],
    ['anyone else', actor(), false],
    ['an administrator of another brand', actor([{}], { brands: ['elm'] }), false],
    ['an administrator who is disabled', actor([{}], { enabled: false }), false],
  ])('%s has access: %s', (_who, who, expected) => {
    expect(hasAccess(who, scope)).toBe(expected);
  });

  it('lets none but administrators and folder managers of its folder see a request of no folder by folder', () => {
    expect(hasAccess(manager('onboarding'), { ...scope, folder: null })).toBe(false);
    expect(hasAccess(actor([{}]), { ...scope, folder: null })).toBe(true);
  });

  it.each([
    ['an administrator', actor([{}]), 'administrator'],
    ['a manager of its folder', manager('onboarding'), 'folder_manager'],
    ['a supervisor with cancellation rights', actor([{ right: 'supervisor', may_cancel: true }]), 'supervisor'],
    ['a supervisor without them', actor([{ right: 'supervisor' }]), null],
    ['a user of system operations alone', actor([{ right: 'system_operations' }]), null],
    ['who started it', actor([], { username: 'ann' }), 'initiator'],
    ['who is asked', actor([], { username: 'bob' }), null],
  ])('%s may cancel the request as %s', (_who, who, expected) => {
    expect(mayCancelRequest(who, scope)).toBe(expected);
  });

  it('lets the assignee cancel the action, and who started the request not', () => {
    expect(mayCancelAction(actor([], { username: 'bob' }), scope, true)).toBe('assignee');
    expect(mayCancelAction(actor([], { username: 'ann' }), scope, false)).toBeNull();
    expect(mayAssign(actor([], { username: 'bob' }), scope)).toBeNull();
    expect(mayAssign(actor([{ right: 'supervisor', may_cancel: true }]), scope)).toBe('supervisor');
  });

  it('lets administrators act for others, and those whom the user names', () => {
    const ann = user({ username: 'ann', delegates: ['svc'] });
    expect(mayActFor(actor([{}]), ann)).toBe(true);
    expect(mayActFor(actor([], { username: 'svc' }), ann)).toBe(true);
    expect(mayActFor(actor([{ right: 'supervisor', may_cancel: true }]), ann)).toBe(false);
  });

  it('gives system access to members of that group alone', () => {
    expect(hasSystemAccess(actor([{ right: 'system_operations' }]))).toBe(true);
    expect(hasSystemAccess(actor([{}]))).toBe(false);
  });
});
