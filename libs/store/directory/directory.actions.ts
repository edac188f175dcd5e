/** What actions read of the directory and write to it. */
import type { Connection } from 'mongoose';
import type { DirectoryActions, Manager, Status, StatusKind } from '#libs/domain/directory/directory.ts';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import { statusesNamed } from '#libs/domain/directory/find-statuses.ts';
import { findById } from '../mongo/by-id.ts';
import { createCustomerChanges } from './customer-changes.ts';
import { customerKey, customerModel, toCustomer, type CustomerDocument } from './customer.model.ts';
import { managerModel, type ManagerDocument } from './directory.models.ts';
import { createStatusCache } from './status-cache.ts';

type OwnEffects = Omit<DirectoryActions, 'freezeAccounts' | 'teams' | 'desk'>;

export function createDirectoryActions(connection: Connection): OwnEffects {
  const customers = customerModel(connection);
  const managers = managerModel(connection);
  const statuses = createStatusCache(connection);
  const change = createCustomerChanges(connection);

  const customer: DirectoryActions['customer'] = async (id) => {
    const document = await findById(customers, customerKey(id));
    return document && toCustomer(document);
  };

  const statusNotFound = async (
    type: StatusKind,
    wanted: string | number,
    brand: string | undefined,
  ): Promise<PermanentError> => {
    const all = await statuses.all(type);
    const codes = [...new Set(all.filter((status) => isFor(status, brand)).map(({ code }) => code))].sort();
    const known = codes.length === 0 ? 'there are none' : `there are: ${codes.slice(0, 20).join(', ')}`;
    const place = brand === undefined ? '' : ` for brand "${brand}"`;
    return new PermanentError('status_not_found', `There is no ${type} status "${wanted}"${place}; ${known}.`);
  };

  return {
    customer,

    async manager(id) {
      const document = await findById(managers, id);
      return document && findManager(document);
    },

    async enabledManagers() {
      return (await managers.find({ enabled: true }).lean()).map(findManager);
    },

    setCustomerStatus: (customerId, kind, wanted, key) =>
      change(customerId, key, async ({ brand }) => {
        const found = await statuses.find(kind, (all) => chosenStatus(all, wanted, brand));
        if (found === undefined) throw await statusNotFound(kind, wanted, brand);
        return statusFields[kind](found);
      }),

    setCustomerRiskLevel: (customerId, riskLevel, key) => change(customerId, key, () => ({ risk_level: riskLevel })),

    setCustomerActive: (customerId, active, key) => change(customerId, key, () => ({ active })),

    assignCustomer: (customerId, { manager_id, team_id, desk }, key) =>
      change(customerId, key, (customer) => ({
        assigned_manager_id: manager_id,
        // None is nothing to write where there is none.
        ...((customer.team_id ?? null) !== team_id && { team_id }),
        ...((customer.desk ?? null) !== desk && { desk }),
      })),
  };
}

/** A brand's own status comes before one of all brands. */
function chosenStatus(all: Status[], wanted: string | number, brand: string | undefined): Status | undefined {
  const candidates = statusesNamed(all, wanted);
  return candidates.find((one) => one.brand === brand) ?? candidates.find((one) => isFor(one, brand));
}

const statusFields: Record<StatusKind, (status: Status) => Partial<CustomerDocument>> = {
  sales: ({ code, id }) => ({ sales_status: code, sales_status_id: id }),
  kyc: ({ code, id }) => ({ kyc_status: code, kyc_status_id: id }),
};

function isFor(status: Status, brand: string | undefined): boolean {
  return status.brand === undefined || status.brand === brand;
}

export function findManager({ _id, ...manager }: ManagerDocument): Manager {
  return manager;
}
