/** A real API on a store of its own, and the means to ask it as anybody. */
import { SignJWT } from 'jose';
import { startApi } from '../../apps/api/api.app.ts';
import { loadConfig } from '#libs/config/config.ts';
import { writeJson } from '#libs/domain/json/stringify-json.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { createMetrics } from '#libs/telemetry/metrics.ts';
import { expectDescribed } from './described-answers.ts';

export const sessionSecret = 'a secret for this test of at least 32 characters';

export interface TokenOptions {
  sub?: string;
  brands?: unknown;
  key?: string;
  alg?: string;
  /** Seconds from now; null: never. */
  endsIn?: number | null;
}

/** A session token as the API takes it, or nearly so. */
export async function sessionToken(role: string, options: TokenOptions = {}): Promise<string> {
  const { sub = 'alice', brands, key = sessionSecret, alg = 'HS256', endsIn = 600 } = options;
  const jwt = new SignJWT({ role, ...(brands !== undefined && { brands }) })
    .setProtectedHeader({ alg })
    .setSubject(sub);
  if (endsIn !== null) jwt.setExpirationTime(Math.floor(Date.now() / 1000) + endsIn);
  return jwt.sign(new TextEncoder().encode(key));
}

/** Tokens that are refused with 401, whatever they ask for: what is wrong, and one of them. */
export const badTokens: [what: string, make: () => Promise<string>][] = [
  [
    'signed with another secret',
    () => sessionToken('SESSION_ADMIN', { key: 'another secret of at least 32 characters' }),
  ],
  ['signed with another algorithm', () => sessionToken('SESSION_ADMIN', { alg: 'HS384' })],
  ['that has ended', () => sessionToken('SESSION_ADMIN', { endsIn: -1 })],
  ['that never ends', () => sessionToken('SESSION_ADMIN', { endsIn: null })],
  ['whose brands are no list', () => sessionToken('SESSION_ADMIN', { brands: 'oak' })],
  [
    'that is not signed',
    async () => `${btoa('{"alg":"none"}').replace(/=+$/, '')}.${(await sessionToken('SESSION_ADMIN')).split('.')[1]}.`,
  ],
  ['that is none', () => Promise.resolve('nonsense')],
];

export interface Answer {
  status: number;
  headers: Headers;
  body: {
    success: boolean;
    data?: Record<string, unknown>;
    error?: { code: string; message: string; details?: { path: string; code: string; message: string }[] };
  };
}

export interface Request {
  method?: string;
  authorization?: string;
  /** Sent as JSON; a text as it is. */
  body?: unknown;
  contentType?: string;
  headers?: Record<string, string>;
}

/** Tests ask much more than people do. */
const unlimited = {
  AUTH_FAILURES_PER_MINUTE: '1000000',
  WRITES_PER_MINUTE: '1000000',
  API_BODY_BYTES_PER_MINUTE: '1000000000000',
};

export interface TestApi {
  url: string;
  /** `METHOD /path` of everything below /api that it answers. */
  routes: string[];
  /** @throws Error when the answer is not as `docs/openapi.json` describes it */
  ask(path: string, request?: Request): Promise<Answer>;
  /** As a session of this role, for all brands unless `options` say otherwise. */
  as(role: string, path: string, request?: Request, options?: TokenOptions): Promise<Answer>;
  close(): Promise<void>;
}

/** @param env what differs from the servers of the test run, such as MONGODB_URI */
export async function startTestApi(env: Record<string, string>): Promise<TestApi> {
  const app = await startApi({
    config: loadConfig({ ...process.env, API_PORT: '0', SESSION_SECRET: sessionSecret, ...unlimited, ...env }),
    log: createLogger('api', 'silent'),
    registry: createMetrics('api'),
    stopping: new AbortController().signal,
  });
  const url = await app.getUrl();

  const ask = async (path: string, request: Request = {}): Promise<Answer> => {
    const { method = 'GET', authorization, body, contentType = 'application/json', headers = {} } = request;
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...headers,
        ...(authorization !== undefined && { authorization }),
        ...(body !== undefined && { 'content-type': contentType }),
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : writeJson(body) }),
    });
    if (response.headers.get('content-type')?.startsWith('text/event-stream')) {
      await response.body?.cancel();
      return { status: response.status, headers: response.headers, body: { success: true } };
    }
    const answer = (await response.json()) as Answer['body'];
    expectDescribed(method, path, response.status, answer);
    return { status: response.status, headers: response.headers, body: answer };
  };

  return {
    url,
    routes: routesOf(app.getHttpAdapter().getInstance()),
    ask,
    as: async (role, path, request = {}, options = {}) =>
      ask(path, { ...request, authorization: `Bearer ${await sessionToken(role, options)}` }),
    close: () => app.close(),
  };
}

interface ExpressApp {
  router: { stack: { route?: { path: string; methods: Record<string, boolean> } }[] };
}

function routesOf(express: ExpressApp): string[] {
  return express.router.stack
    .flatMap(({ route }) =>
      route?.path.startsWith('/api/')
        ? Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${route.path}`)
        : [],
    )
    .sort();
}
