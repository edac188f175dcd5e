/** What actions read of the directory and write to it. */
import type { Connection } from 'mongoose';
import type { DirectoryEffects, Manager, Status, StatusKind } from '#libs/domain/directory.ts';
import { PermanentError } from '#libs/domain/errors.ts';
import { customerNotFound } from '#libs/domain/not-found.ts';
import { findById } from '../by-id.ts';
import { collectionOf } from '../model.ts';
import { storeText, storeValue } from '../store-text.ts';
import { customerKey, customerModel, customerOf, type CustomerDocument } from './customer.model.ts';
import { managerModel, statusModel, type ManagerDocument } from './directory.models.ts';

/**
 * Keys remembered for each customer. An attempt repeats within minutes, so the oldest of this many effects on one
 * customer can be forgotten.
 */
const rememberedKeys = 64;

export function createDirectoryEffects(connection: Connection): Omit<DirectoryEffects, 'freezeAccounts'> {
  const customers = collectionOf(customerModel(connection));
  const managers = collectionOf(managerModel(connection));
  const statuses = collectionOf(statusModel(connection));

  /** One atomic step: sets the fields and remembers the key, or finds the key remembered and does nothing. */
  const applyOnce = async (customerId: string, key: string, fields: Partial<CustomerDocument>): Promise<void> => {
    const _id = customerKey(customerId);
    const applied = storeText(key);
    const document = await customers.findOneAndUpdate(
      { _id, stub: { $ne: true }, applied: { $ne: applied } },
      { $set: storeValue(fields), $push: { applied } },
      { returnDocument: 'after' },
    );
    if (document === null) return requireCustomer(customerId);
    const keys = document.applied ?? [];
    if (keys.length >= rememberedKeys * 2) {
      await customers.updateOne({ _id }, { $pullAll: { applied: keys.slice(0, -rememberedKeys) } });
    }
  };

  const customer: DirectoryEffects['customer'] = async (id) => {
    const document = await findById(customers, customerKey(id));
    return document && customerOf(document);
  };

  const requireCustomer = async (id: string): Promise<void> => {
    if ((await customer(id)) === null) throw customerNotFound(id);
  };

  const statusesFor = async (type: StatusKind, wanted: string | number): Promise<Status[]> => {
    const byCode = typeof wanted === 'string' ? await statuses.find({ type, code: wanted }).toArray() : [];
    return byCode.length > 0 ? byCode : statuses.find({ _id: wanted, type }).toArray();
  };

  const statusNotFound = async (
    type: StatusKind,
    wanted: string | number,
    brand: string | undefined,
  ): Promise<PermanentError> => {
    const all = await statuses.find({ type }).toArray();
    const codes = [...new Set(all.filter((status) => isFor(status, brand)).map(({ code }) => code))].sort();
    const known = codes.length === 0 ? 'there are none' : `there are: ${codes.slice(0, 20).join(', ')}`;
    const place = brand === undefined ? '' : ` for brand "${brand}"`;
    return new PermanentError('status_not_found', `There is no ${type} status "${wanted}"${place}; ${known}.`);
  };

  return {
    customer,

    async manager(id) {
      const document = await findById(managers, id);
      return document && managerOf(document);
    },

    async enabledManagers() {
      return (await managers.find({ enabled: true }).toArray()).map(managerOf);
    },

    async setCustomerStatus(customerId, kind, status, key) {
      const [document, candidates] = await Promise.all([
        findById(customers, customerKey(customerId)),
        statusesFor(kind, status),
      ]);
      if (document === null || document.stub) throw customerNotFound(customerId);
      // Done by an earlier attempt: what has become of the statuses since does not matter.
      if (document.applied?.includes(storeText(key))) return;
      const { brand } = document;
      // A brand's own status comes before one of all brands.
      const found = candidates.find((one) => one.brand === brand) ?? candidates.find((one) => isFor(one, brand));
      if (found === undefined) throw await statusNotFound(kind, status, brand);
      await applyOnce(customerId, key, statusFields[kind](found));
    },

    setCustomerRiskLevel: (customerId, riskLevel, key) => applyOnce(customerId, key, { risk_level: riskLevel }),

    setCustomerActive: (customerId, active, key) => applyOnce(customerId, key, { active }),
  };
}

const statusFields: Record<StatusKind, (status: Status) => Partial<CustomerDocument>> = {
  sales: ({ code, id }) => ({ sales_status: code, sales_status_id: id }),
  kyc: ({ code, id }) => ({ kyc_status: code, kyc_status_id: id }),
};

function isFor(status: Status, brand: string | undefined): boolean {
  return status.brand === undefined || status.brand === brand;
}

export function managerOf({ _id, ...manager }: ManagerDocument): Manager {
  return manager;
}
