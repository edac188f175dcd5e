import { expect, it } from 'vitest';
import { readClaims } from './read-claims.ts';

const names = { user: 'email', role: 'realm_access.roles', brands: 'https://oak.example/brands' };
const claims = {
  sub: '6f1c',
  email: 'ada@oak.example',
  exp: 5,
  realm_access: { roles: ['offline_access', 'SESSION_DEALER', 'SESSION_ADMIN'] },
  'https://oak.example/brands': ['oak'],
};

it('finds claims by their names and by paths', () => {
  const wanted = { sub: 'ada@oak.example', role: 'SESSION_ADMIN', brands: ['oak'], exp: 5 };
  expect(readClaims(claims, names)).toEqual(wanted);
  expect(readClaims({ sub: 'bo', role: 'SESSION_DEALER' }, { user: 'sub', role: 'role', brands: 'brands' })).toEqual({
    sub: 'bo',
    role: 'SESSION_DEALER',
  });
});

it('makes no role of what is none, and looks into no prototypes', () => {
  expect(readClaims({ ...claims, realm_access: { roles: ['users'] } }, names)).toMatchObject({
    role: 'none of a manager',
  });
  expect(readClaims({}, { user: 'constructor.name', role: 'toString', brands: 'b' })).toEqual({});
});
