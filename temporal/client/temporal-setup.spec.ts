/** What happens without the rights to list or to add search attributes; the rest is tried on a real server. */
import { expect, it } from 'vitest';
import { checkNamespace, prepareNamespace, type TemporalServices } from './temporal-setup.ts';

/** As gRPC reports it. */
function refusal(code: number, details: string): Error {
  return Object.assign(new Error(`${code}: ${details}`), { code, details, metadata: {} });
}

function services(answers: Partial<Record<string, () => unknown>>): TemporalServices {
  const call = (name: string) => async (request: unknown) => {
    await Promise.resolve();
    return (answers[name] as ((request: unknown) => unknown) | undefined)?.(request) ?? {};
  };
  return {
    workflowService: {
      describeNamespace: call('describeNamespace'),
      countWorkflowExecutions: call('countWorkflowExecutions'),
    },
    operatorService: {
      listSearchAttributes: call('listSearchAttributes'),
      addSearchAttributes: call('addSearchAttributes'),
    },
  } as unknown as TemporalServices;
}

const refused = (code: number, details: string) => () => {
  throw refusal(code, details);
};

it('says what an administrator of the server has to do when adding is refused', async () => {
  const custom = { Brand: 2, TriggerEvent: 2, EventId: 2, CustomerId: 2, RunState: 2 };
  const given = services({
    listSearchAttributes: () => ({ customAttributes: custom, systemAttributes: {} }),
    addSearchAttributes: refused(7, 'Request unauthorized.'),
  });
  await expect(prepareNamespace(given, 'brokers')).rejects.toMatchObject({
    code: 'temporal_not_ready',
    message:
      'the Temporal namespace "brokers" does not know the search attributes RuleId, Login, and adding them is refused' +
      ' (Request unauthorized.); add them: temporal operator search-attribute create --namespace brokers' +
      ' --name RuleId --type Keyword --name Login --type Int',
  });
});

it.each([
  [7, 'a key without the right to list them'],
  [12, 'a server that does not list them'],
])('tries a search for each attribute with code %i: %s', async (code) => {
  const asked: string[] = [];
  const given = services({
    listSearchAttributes: refused(code, 'no'),
    countWorkflowExecutions: ((request: { query: string }) => {
      asked.push(request.query);
      if (request.query.startsWith('Login')) throw refusal(3, 'invalid query: column name Login is not defined');
    }) as () => unknown,
  });
  await expect(checkNamespace(given, 'cloud')).rejects.toThrow('does not know the search attributes Login; add them');
  expect(asked).toContain("RuleId = ''");
  expect(asked).toContain('Login = 0');
});

it('names the API key when the namespace is refused', async () => {
  const given = services({ describeNamespace: refused(16, 'invalid token') });
  await expect(checkNamespace(given, 'cloud')).rejects.toThrow(
    'Temporal refuses the namespace "cloud" (invalid token); TEMPORAL_API_KEY has to be valid for it',
  );
});

it('passes on what it does not know', async () => {
  const given = services({ listSearchAttributes: refused(14, 'unavailable') });
  await expect(checkNamespace(given, 'default')).rejects.toMatchObject({ code: 14 });
});
