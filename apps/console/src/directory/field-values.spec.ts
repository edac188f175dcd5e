import { describe, expect, it } from 'vitest';
import { initialSecrets, toSecretFields } from './endpoint-secrets.ts';
import { initialValues, toRecord } from './field-values.ts';

describe('a record of a form', () => {
  it('is the one that was read, where nothing was touched', () => {
    const customer = { id: 'C-1', kyc_status_id: '7', risk_level: 3, desk: null, tier: { a: [1] }, active: false };
    expect(toRecord('customers', initialValues('customers', customer), customer)).toEqual(customer);
    const template = { channel: 'email', code: 'a', subject: 'x', html: ' <p>\n</p> ' };
    expect(toRecord('templates', initialValues('templates', template), template)).toEqual(template);
  });

  it('has numbers and lists where there are some, and leaves out what is empty', () => {
    const values = { id: '7', name: ' Mia ', enabled: 'no', brands: 'oak\n\n elm ', email: ' ' };
    expect(toRecord('managers', values, null)).toEqual({ id: 7, name: 'Mia', enabled: false, brands: ['oak', 'elm'] });
    expect(toRecord('teams', { id: 't', name: 'T', agent_ids: '1\nx' }, null)).toMatchObject({ agent_ids: [1, 'x'] });
    expect(toRecord('groups', { name: 'demo', brand: '' }, null)).toEqual({ name: 'demo', brand: null });
  });

  it('of an SMS has no parts of a mail', () => {
    const values = { channel: 'sms', code: 'a', subject: 'left over', html: '<p>', text: 'Hi' };
    expect(toRecord('templates', values, null)).toEqual({ channel: 'sms', code: 'a', text: 'Hi' });
  });

  it('ends a desk that is cleared', () => {
    expect(toRecord('customers', { id: 'C', desk: '' }, { id: 'C', desk: 'vip' })).toEqual({ id: 'C', desk: null });
  });
});

describe('the secrets of an endpoint', () => {
  it('stay as they are where nothing is given', () => {
    const secrets = initialSecrets({ headers: ['X-Key'], signed: true });
    expect(toSecretFields(secrets, false)).toEqual({ headers: { 'X-Key': null } });
    const changed = { ...secrets, headers: [{ name: 'X-Key', value: 'new', isSet: true }], signing: 'none' as const };
    expect(toSecretFields(changed, false)).toEqual({ headers: { 'X-Key': 'new' }, secret: null });
  });
});
