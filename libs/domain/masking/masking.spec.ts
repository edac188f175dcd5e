import { describe, expect, it } from 'vitest';
import { maskText, maskUrl, maskValue } from './masking.ts';

const slack = 'https://hooks.slack.com/services/T01234567/B01234567/abcdefghijklmnopqrstuvwx';
const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P';

const inText: [name: string, text: string, masked: string][] = [
  ['a token of the shortest header', 'got eyJhbGci.eyJzdWIi today', 'got ***dWIi today'],
  [
    'a Slack webhook in a sentence',
    `POST ${slack} failed`,
    'POST https://hooks.slack.com/services/***67/***67/***uvwx failed',
  ],
  ['a webhook before punctuation', `sent (${slack}).`, 'sent (https://hooks.slack.com/services/***67/***67/***uvwx).'],
  [
    'a webhook without a scheme',
    'hooks.slack.com/services/T01234567/B01234567/abcdefgh',
    'hooks.slack.com/services/***67/***67/***gh',
  ],
  [
    'a webhook in JSON with escaped slashes',
    JSON.stringify({ url: slack }).replaceAll('/', '\\/'),
    '{"url":"https:\\/\\/hooks.slack.com\\/services\\/***67\\/***67\\/***uvwx"}',
  ],
  [
    'a webhook that is a parameter of another URL',
    `https://a.example/?next=${encodeURIComponent(slack)}&x=1`,
    'https://a.example/?next=https%3A%2F%2Fhooks.slack.com%2Fservices%2F***67%2F***67%2F***uvwx&x=1',
  ],
  [
    'a webhook encoded twice',
    encodeURIComponent(encodeURIComponent(slack)),
    'https%3A%2F%2Fhooks.slack.com%2Fservices%2F***67%2F***67%2F***uvwx',
  ],
  [
    'Slack workflow triggers',
    'https://hooks.slack.com/triggers/T012345/987654321/abcdefgh',
    'https://hooks.slack.com/triggers/***5/***21/***gh',
  ],
  [
    'Discord',
    'https://discord.com/api/webhooks/1234567890/aBcDeFgH12345678',
    'https://discord.com/api/webhooks/***90/***5678',
  ],
  [
    'Discord with a version',
    'https://discordapp.com/api/v10/webhooks/1234567890/aBcDeFgH12345678',
    'https://discordapp.com/api/v10/webhooks/***90/***5678',
  ],
  [
    'Telegram',
    'https://api.telegram.org/bot123456789:AAEabcdefghijklmnopqrstuvwxyz12345/sendMessage?chat_id=1',
    'https://api.telegram.org/bot***2345/sendMessage?chat_id=1',
  ],
  ['a Telegram token by itself', 'token is 123456789:AAEabcdefghijklmnopqrstuvwxyz12345', 'token is ***2345'],
  [
    'Teams',
    'https://contoso.webhook.office.com/webhookb2/1111-2222@3333-4444/IncomingWebhook/0123456789abcdef/5555-6666',
    'https://contoso.webhook.office.com/webhookb2/***4444/***ook/***cdef/***66',
  ],
  [
    'Office connectors',
    'https://outlook.office.com/webhook/1111-2222/IncomingWebhook/01234567',
    'https://outlook.office.com/webhook/***22/***ook/***67',
  ],
  [
    'Google Chat',
    'https://chat.googleapis.com/v1/spaces/AAAA/messages?key=AIzaSyDdI0hCZtE6vySjMm&token=abcdefgh12345678&x=1',
    'https://chat.googleapis.com/v1/spaces/AAAA/messages?key=***SjMm&token=***5678&x=1',
  ],
  ['a generic hook', 'POST /hooks/0123456789abcdef 401', 'POST /hooks/***cdef 401'],
  [
    'Zapier',
    'https://hooks.zapier.com/hooks/catch/12345678/abcdefgh/',
    'https://hooks.zapier.com/hooks/***h/***78/***gh/',
  ],
  ['user-info', 'https://user:p%40ss@host.example/a', 'https://***@host.example/a'],
  ['a user alone', 'https://ghp@host.example/a', 'https://***@host.example/a'],
  ['user-info with an @', 'mongodb://app:p@ss@db1,db2/x: refused', 'mongodb://***@db1,db2/x: refused'],
  ['user-info with a slash', 'https://user:pa/ss@host.example/a', 'https://***@host.example/a'],
  ...['token', 'key', 'api_key', 'access_token', 'secret', 'sig', 'signature', 'password', 'X-Amz-Signature'].map(
    (name): [string, string, string] => [
      `the parameter ${name}`,
      `GET https://a.example/x?a=1&${name}=abcdefghijklmnop&b=2 → 500`,
      `GET https://a.example/x?a=1&${name}=***mnop&b=2 → 500`,
    ],
  ),
  ['an encoded parameter', 'body=token%3Dabcdefghijklmnop%26a%3D1', 'body=token%3D***mnop%26a%3D1'],
  [
    'a parameter in a fragment',
    'https://a.example/#access_token=abcdefgh&state=1',
    'https://a.example/#access_token=***gh&state=1',
  ],
  ['a bearer token', 'sent Bearer abcdefgh12345678.', 'sent Bearer ***5678.'],
  ['an encoded bearer token', 'x=Bearer%20abcdefgh12345678', 'x=Bearer%20***5678'],
  [
    'an authorization header',
    'Authorization: Bearer abcdefgh12345678 was refused',
    'Authorization: Bearer ***5678 was refused',
  ],
  ['basic authorization', 'authorization: Basic dXNlcjpwYXNzd29yZA==', 'authorization: Basic ***'],
  ['basic credentials', 'with Basic dXNlcjpwYXNzd29yZDEyMw now', 'with Basic ***EyMw now'],
  ['other authorization', 'Authorization: Digest username="a", response="b"\nHost: c', 'Authorization: ***\nHost: c'],
  ['a cookie header', 'Cookie: sid=abcdefgh; theme=dark\r\nHost: a', 'Cookie: ***dark\r\nHost: a'],
  [
    'a quoted header line',
    `curl -H 'X-Api-Key: abcd efgh' https://a.example`,
    `curl -H 'X-Api-Key: ***gh' https://a.example`,
  ],
  ['a JSON web token', `jwt ${jwt}.`, 'jwt ***3I9P.'],
  ['a JSON web token behind other letters', `session_${jwt}`, 'session_***3I9P'],
  ['a signing secret', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_***LaSw'],
  ['an API key', 'sk_live_abcdefgh12345678, sk_test_abc', 'sk_live_***5678, sk_test_***'],
  ['a chat token', 'xoxb-123456789012-abcdefghijkl', 'xoxb-***ijkl'],
  ['a cloud key', 'AKIAIOSFODNN7EXAMPLE', '***MPLE'],
  [
    'a private key',
    '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----',
    '-----BEGIN RSA PRIVATE KEY-----***-----END RSA PRIVATE KEY-----',
  ],
  ['a private key cut off', '-----BEGIN PRIVATE KEY-----\\nMIIE\\nabc', '-----BEGIN PRIVATE KEY-----***'],
  [
    'JSON',
    '{"password":"my \\"pa ss","a":1,"token":12345678,"key":"abcdefgh"}',
    '{"password":"***ss","a":1,"token":"***78","key":"***gh"}',
  ],
  [
    'JSON inside a JSON string',
    '"{\\"password\\":\\"my pa ss\\",\\"a\\":1}"',
    '"{\\"password\\":\\"***ss\\",\\"a\\":1}"',
  ],
  ['a list of secrets', '{"tokens":["a]b","c"],"a":1}', '{"tokens":"***","a":1}'],
  ['an inspected object', "{ apiKey: 'abcdefgh', host: 'a' }", "{ apiKey: '***gh', host: 'a' }"],
  ['a connection string', 'Server=db;Password=abcdefgh;Database=x', 'Server=db;Password=***gh;Database=x'],
  [
    'a webhook of any system',
    'POST https://n.example/webhook/0123456789abcdef',
    'POST https://n.example/webhook/***cdef',
  ],
  [
    'webhooks below a path',
    'https://n.example/v1/webhooks/42/abcdefgh?x=1',
    'https://n.example/v1/webhooks/***/***gh?x=1',
  ],
  [
    'an inbound webhook of Bitrix24',
    'https://b.example/rest/1/abcdefgh12345678/crm.lead.add.json',
    'https://b.example/rest/1/***5678/crm.lead.add.json',
  ],
  ['a function key', 'https://f.example/api/do?code=abcdefgh12345678==&a=1', 'https://f.example/api/do?code=***&a=1'],
  ['an OAuth code', 'GET /callback?state=1&code=abcdefgh12345678', 'GET /callback?state=1&code=***5678'],
  [
    'a PGP key',
    '-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: a -- b\n\nlQdG\n=abcd\n-----END PGP PRIVATE KEY BLOCK-----',
    '-----BEGIN PGP PRIVATE KEY BLOCK-----***-----END PGP PRIVATE KEY BLOCK-----',
  ],
  [
    'a PGP message',
    'x -----BEGIN PGP MESSAGE-----\n\nhQEM\n-----END PGP MESSAGE----- y',
    'x -----BEGIN PGP MESSAGE-----***-----END PGP MESSAGE----- y',
  ],
  ['a name with blanks behind it', 'password:   abcdefgh', 'password:   ***gh'],
  ['a name with many blanks around its sign', 'api_key      =\t\t \u00a0 abcdefgh', 'api_key      =\t\t \u00a0 ***gh'],
  [
    'elements of XML',
    '<auth><password>abc defgh</password><ns:ApiKey a="1"> abcdefgh </ns:ApiKey><name>x</name></auth>',
    '<auth><password>***gh</password><ns:ApiKey a="1"> ***gh </ns:ApiKey><name>x</name></auth>',
  ],
  ['XML with CDATA', '<token><![CDATA[abcdefgh]]></token>', '<token><![CDATA[***gh]]></token>'],
  ['XML within XML', '&lt;secret&gt;abcdefgh&lt;/secret&gt;', '&lt;secret&gt;***gh&lt;/secret&gt;'],
  ['a name and its value', '{"name":"password","value":"abcd efgh"}', '{"name":"password","value":"***gh"}'],
  ['a value and its name', '[{"value":"abcdefgh", "name":"x-api-key"}]', '[{"value":"***gh", "name":"x-api-key"}]'],
  [
    'a name and its value in escaped JSON',
    '"{\\"header\\":\\"Authorization\\",\\"value\\":\\"abcdefgh\\"}"',
    '"{\\"header\\":\\"Authorization\\",\\"value\\":\\"***gh\\"}"',
  ],
  ['attributes of XML', '<add key="ApiKey" value="abcdefgh" />', '<add key="***y" value="***gh" />'],
  [
    'an environment in YAML',
    '- name: API_KEY\n  value: abcdefgh\n- name: A\n  value: b',
    '- name: API_KEY\n  value: ***gh\n- name: A\n  value: b',
  ],
  ['a form with a name and its value', 'name=password&value=abcdefgh&a=1', 'name=password&value=***gh&a=1'],
  [
    'a part of a form',
    'Content-Disposition: form-data; name="password"\r\n\r\nabcdefgh\r\n--x',
    'Content-Disposition: form-data; name="password"\r\n\r\n***gh\r\n--x',
  ],
  ['card numbers', 'paid with 4111111111111111, then 5555 5555 5555 4444.', 'paid with ***1111, then ***4444.'],
  ['other card numbers', '3782-822463-10005 / 6011000990139424', '***005 / ***9424'],
  ['a form field', 'data[token]=abcdefgh&a=1', 'data[token]=***gh&a=1'],
];

const untouched = [
  'POST https://api.example.com/v1/customers/42?page=2&sort=name → 200 in 34 ms',
  'connect ECONNREFUSED 10.0.0.5:8080',
  'E11000 duplicate key error collection: x.runs index: _id_ dup key: { _id: "a" }',
  'Unexpected token < in JSON at position 0',
  'Bearer token is missing; Basic authentication is used',
  'Kafka key: none, keyword=monkey, turkey: 5',
  '{"token":null,"secret":false,"password":""}',
  'http://token-service:8080/health',
  'a%2Fb 100%25 %zz',
  'order 4111111111111112 of 1764186000000, event 4f4111111111111111, 41111111-1111-4111-8111-111111111111',
  '{"code":"store_unavailable","name":"status","value":"active","count":0}',
  'https://a.example/rest/api/2/issue?status=1&postcode=12345 code=500',
  '<name>Ann</name><keyword>a</keyword> 3 < 4 and 5 > 4',
  'rule r-17: expected params.url at actions[0].params.url',
  '',
];

describe('masking of text', () => {
  it.each(inText)('R-091 R-092 masks %s', (_name, text, masked) => {
    expect(maskText(text)).toBe(masked);
    expect(maskText(masked)).toBe(masked);
  });

  it.each(untouched)('leaves alone: %s', (text) => {
    expect(maskText(text)).toBe(text);
  });

  it('never shows more than a quarter of a secret, and never more than four characters', () => {
    for (const secret of ['a', 'abc', 'abcd', 'abcdefg', 'abcdefgh', 'abcdefghijklmnop', 'abcdefghijklmnopqrst']) {
      const shown = maskText(`token=${secret}`).slice('token=***'.length);
      expect(shown.length).toBe(Math.min(4, Math.floor(secret.length / 4)));
      expect(secret.endsWith(shown)).toBe(true);
    }
  });

  it('finds a secret in every surrounding and changes nothing the second time', () => {
    const random = seeded(42);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    const surroundings: ((secret: string) => string)[] = [
      (secret) => `https://hooks.slack.com/services/T0/B0/${secret}`,
      (secret) => `https://h.example/hooks/${secret}`,
      (secret) => `https://h.example/?a=1&access_token=${secret}`,
      (secret) => `https://u:${secret}@h.example/`,
      (secret) => `{"password":"${secret}"}`,
      (secret) => `Authorization: Bearer ${secret}`,
      (secret) => `x-session-token: ${secret}`,
      (secret) => `whsec_${secret}`,
      (secret) => `eyJhbGciOi.eyJzdWIiOj.${secret}`,
      (secret) => `https://h.example/webhooks/${secret}`,
      (secret) => `https://h.example/rest/1/${secret}/a`,
      (secret) => `https://h.example/?code=${secret}`,
      (secret) => `password:     ${secret}`,
      (secret) => `<token>${secret}</token>`,
      (secret) => `{"name":"password","value":"${secret}"}`,
      (secret) => `{"value":"${secret}","name":"password"}`,
    ];
    const around: ((text: string) => string)[] = [
      (text) => text,
      (text) => JSON.stringify({ message: text }),
      (text) => JSON.stringify(JSON.stringify({ text, a: [1, text] })),
      (text) => encodeURIComponent(text),
      (text) => `body=${encodeURIComponent(encodeURIComponent(text))}`,
      (text) => `Error: ${text}, then (${text}) and "${text}"; ${text}`,
      (text) => text.replaceAll('/', '\\/'),
      (text) => `${text}\n\tat x ${text}\r\n`,
    ];
    for (let round = 0; round < 3000; round += 1) {
      const secret = Array.from({ length: 12 + Math.floor(random() * 20) }, () => pick('abcXYZ012_-'.split(''))).join(
        '',
      );
      const text = pick(around)(pick(around)(pick(surroundings)(secret)));
      const masked = maskText(text);
      expect(masked, text).not.toContain(secret.slice(0, -4));
      expect(maskText(masked), text).toBe(masked);
    }
  });

  it('takes time in proportion to the length of hostile text', () => {
    const hostile = [
      'a',
      'token',
      'token=',
      '&token=',
      'token=a;',
      '"token":"',
      'token:[',
      'token: Bearer ',
      'cookie:',
      'eyJ',
      'eyJaaaaa.',
      '://',
      'https://a:b/',
      '@',
      '%25',
      '%3A%2F%2F',
      'Bearer ',
      'sk_live_',
      '-----BEGIN PRIVATE KEY-----',
      '/hooks/',
      '/bot1',
      '1',
      '\\',
      '\'token:a "token:b ',
      'token=)))',
      '%',
      '%a ',
      '%ff ',
      '%c3%28 ',
      'a%20b ',
      'password ',
      'password      ',
      '<token>',
      '<token a',
      '&lt;token&gt;',
      'name=token',
      'name=token&value=',
      '"name":"token","value":"',
      'value="',
      'name="token"\n\n',
      '4111111111111111',
      '4111 1111 1111 111',
      '-----BEGIN PGP MESSAGE-----',
      '-----BEGIN ',
    ];
    for (const piece of hostile) {
      const text = piece.repeat(Math.ceil(1_000_000 / piece.length));
      const start = performance.now();
      maskText(text);
      // Quadratic time would be minutes.
      expect(performance.now() - start, piece).toBeLessThan(5000);
    }
  }, 60_000);
});

describe('masking of a URL', () => {
  it('R-092 masks a URL that no parser accepts', () => {
    expect(maskUrl('https://user:pa ss@host/?token=ab cd"efgh12')).toBe('https://***@host/?token=***gh12');
    expect(maskUrl('hooks.slack.com/services/T0123/B0123/abcdefgh')).toBe('hooks.slack.com/services/***3/***3/***gh');
    expect(maskUrl('not a url')).toBe('not%20a%20url');
  });
});

describe('masking of headers', () => {
  it('R-091 masks values of secret names in any case and secrets in other values', () => {
    const headers = {
      Authorization: 'Bearer abcdefgh12345678',
      'proxy-authorization': 'Basic dXNlcjpwYXNzd29yZA',
      COOKIE: 'sid=abcdefgh',
      'X-Api-Key': 'abcdefgh',
      'X-Session-Token': 'abcdefgh',
      'X-Hub-Signature-256': 'sha256=abcdefgh12345678',
      'X-Client-Secret': 'abcdefgh',
      'Set-Cookie': ['a=abcdefgh', 'b=12345678'],
      Location: 'https://a.example/?token=abcdefgh',
      'Content-Type': 'application/json',
      missing: undefined,
    };
    expect(maskValue(headers)).toEqual({
      Authorization: 'Bearer ***5678',
      'proxy-authorization': 'Basic ***9yZA',
      COOKIE: '***fgh',
      'X-Api-Key': '***gh',
      'X-Session-Token': '***gh',
      'X-Hub-Signature-256': '***5678',
      'X-Client-Secret': '***gh',
      'Set-Cookie': ['***gh', '***78'],
      Location: 'https://a.example/?token=***gh',
      'Content-Type': 'application/json',
      missing: undefined,
    });
    expect(maskValue(maskValue(headers))).toEqual(maskValue(headers));
  });
});

describe('masking of a value', () => {
  it('R-092 masks by name at any depth and by look in any text', () => {
    const value = {
      id: 'e-1',
      customer: { apiKey: 'abcdefgh', mt5_password: 'abcdefgh', note: `see ${slack}`, keyword: 'monkey', cvv: 123 },
      list: [{ TOKEN: 'abcdefgh' }, 'Bearer abcdefgh12345678', 5, null, true],
      credentials: { user: 'alice', tries: 3, nested: ['abcdefgh'], active: true },
      body: '{"token":"abcdefgh"}',
    };
    const before = structuredClone(value);
    const masked = maskValue(value);
    expect(masked).toEqual({
      id: 'e-1',
      customer: {
        apiKey: '***gh',
        mt5_password: '***gh',
        note: 'see https://hooks.slack.com/services/***67/***67/***uvwx',
        keyword: 'monkey',
        cvv: '***',
      },
      list: [{ TOKEN: '***gh' }, 'Bearer ***5678', 5, null, true],
      credentials: { user: '***e', tries: '***', nested: ['***gh'], active: true },
      body: '{"token":"***gh"}',
    });
    expect(value).toEqual(before);
    expect(maskValue(masked)).toEqual(masked);
    expect(Object.keys(masked as object)).toEqual(Object.keys(value));
  });

  it('masks the value beside a name that is a value itself, and card numbers', () => {
    const value = [
      { name: 'password', value: 'abcdefgh', comment: 'x' },
      { key: 'x', values: ['abcdefgh'] },
      { header: 'Authorization', values: ['abcdefgh'] },
      { card: 4111111111111111, order: 4111111111111112, text: '4111111111111111' },
    ];
    expect(maskValue(value)).toEqual([
      { name: 'password', value: '***gh', comment: 'x' },
      { key: '***', values: ['abcdefgh'] },
      { header: 'Authorization', values: ['***gh'] },
      { card: '***1111', order: 4111111111111112, text: '***1111' },
    ]);
  });

  it('masks a value nested 100,000 levels deep', () => {
    let value: unknown = { token: 'abcdefgh' };
    for (let level = 0; level < 100_000; level += 1) value = { a: value };
    let found = maskValue(value) as { a?: unknown };
    while (found.a !== undefined) found = found.a as { a?: unknown };
    expect(found).toEqual({ token: '***gh' });
  });

  it('keeps circles, shares what occurs twice and sets no prototype', () => {
    const circle: Record<string, unknown> = { token: 'abcdefgh' };
    circle['self'] = circle;
    const masked = maskValue(circle) as Record<string, unknown>;
    expect(masked['self']).toBe(masked);

    let shared: unknown = 'x';
    for (let level = 0; level < 60; level += 1) shared = [shared, shared];
    expect(maskValue(shared)).toBeInstanceOf(Array);

    const hostile: unknown = JSON.parse('{"__proto__":{"admin":true}}');
    const copy = maskValue(hostile) as Record<string, unknown>;
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
    expect(JSON.stringify(copy)).toBe('{"__proto__":{"admin":true}}');
  });

  it('masks names and values that become text', () => {
    expect(maskValue({ [slack]: 1, at: new Date(0), secret: new Date(0) })).toEqual({
      'https://hooks.slack.com/services/***67/***67/***uvwx': 1,
      at: '1970-01-01T00:00:00.000Z',
      secret: '***000Z',
    });
    expect(maskValue('token=abcdefgh')).toBe('token=***gh');
    expect(maskValue(null)).toBe(null);
  });
});

/** Numbers from 0 to below 1, the same on every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
