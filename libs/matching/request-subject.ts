/**
 * Finds out what a request is about: the account and customer that its data names, and the brand. The brand of the
 * process decides; where it has none, that of the account or customer does.
 */
import type { RunData } from '#libs/domain/context/run-data.ts';
import { buildContext } from '#libs/domain/context/build-context.ts';
import type { RuntimeContext } from '#libs/domain/context/evaluation-context.ts';
import type { DirectoryReader } from '#libs/domain/directory/directory.ts';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import type { PlatformEvent } from '#libs/domain/events/platform-event.ts';
import { requestTrigger, type ProcessDeclaration } from '#libs/domain/rules/process.ts';
import { DirectoryCache } from './directory-cache.ts';
import { EventSubject, loadAccounts, loadCustomers, resolveBrands } from './event-subject.ts';

export interface RequestSubject {
  brand: string | null;
  login: number | null;
  customerId: string | null;
  /** @param event what conditions and texts see as `event.*` */
  buildContext(event: Record<string, unknown>): RuntimeContext;
}

/**
 * @param at ISO 8601 UTC
 * @throws PermanentError `invalid_parameter` when the data names no known account or customer, or one of another brand;
 *   RetryableError `store_unavailable`
 */
export async function findRequestSubject(
  { process, brand: ownBrand }: { process: ProcessDeclaration; brand: string | null },
  data: RunData,
  directory: DirectoryReader,
  at: string,
): Promise<RequestSubject> {
  const login = readLogin(process, data);
  const customerId = readCustomerId(process, data);
  const subject = new EventSubject(buildEvent(login, customerId, at), requestTrigger);
  const cache = new DirectoryCache(directory);
  await resolveBrands([subject], cache);
  await loadAccounts([subject], cache);
  await loadCustomers([subject], cache);
  if (login !== null && !subject.account) throw invalid(process.login, 'names no account that is known');
  if (customerId !== null && !subject.customer) throw invalid(process.customer, 'names no customer who is known');
  const holder = subject.account?.customer_id;
  if (customerId !== null && holder !== undefined && holder !== customerId) {
    throw invalid(process.login, `names an account of another customer than ${process.customer} does`);
  }
  if (ownBrand !== null) {
    const isForeign =
      login !== null
        ? subject.brand !== ownBrand
        : customerId !== null && !(await mayBeOfBrand(customerId, ownBrand, directory));
    const name = login !== null ? process.login : process.customer;
    if (isForeign) throw invalid(name, `is not of the brand ${ownBrand}, whose process this is`);
  }
  const brand = ownBrand ?? subject.brand;
  const { account = null, customer = null } = subject;
  return {
    brand,
    login,
    customerId: subject.customerId,
    buildContext: (event) => buildContext({ ...subject.event, data: event }, { brand, account, customer }),
  };
}

function readLogin({ login: name }: ProcessDeclaration, data: RunData): number | null {
  const login = name === undefined ? null : (data[name] ?? null);
  if (login === null || (typeof login === 'number' && Number.isSafeInteger(login) && login > 0)) return login;
  throw invalid(name, 'must be the whole number of an account');
}

function readCustomerId({ customer: name }: ProcessDeclaration, data: RunData): string | null {
  const id = name === undefined ? null : (data[name] ?? null);
  return typeof id === 'string' && id !== '' ? id : null;
}

/** Whether one of the customer's accounts is of the brand, or there are none. */
async function mayBeOfBrand(customerId: string, brand: string, directory: DirectoryReader): Promise<boolean> {
  const accounts = (await directory.customerAccounts([customerId])).get(customerId) ?? [];
  const groups = accounts.flatMap(({ account }) => account?.group ?? []);
  if (groups.length === 0) return true;
  return [...(await directory.groups(groups)).values()].some((group) => group.brand === brand);
}

function buildEvent(login: number | null, customerId: string | null, at: string): PlatformEvent {
  const nothing = { brand: null, causation: [], data: {} };
  return { id: '', trigger: requestTrigger, topic: 'incoming-webhooks', occurredAt: at, login, customerId, ...nothing };
}

function invalid(name: string | undefined, message: string): PermanentError {
  return new PermanentError('invalid_parameter', `The parameter ${name ?? ''} ${message}`);
}
