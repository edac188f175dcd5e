/** The directory as signalbox keeps it itself. A broker with a CRM of its own puts that behind the same interfaces. */
import type { Connection } from 'mongoose';
import type { DirectoryActions, DirectoryUpdates, DirectoryReader } from '#libs/domain/directory/directory.ts';
import type { OutboundDirectory } from '#libs/domain/directory/outbound.ts';
import { guarded } from '../mongo/store-error.ts';
import { createAccountFreezes } from './account-freezes.ts';
import { createDeskReader } from './desk.reader.ts';
import { createDirectoryAdmin, type DirectoryAdmin } from './directory.admin.ts';
import { createDirectoryActions } from './directory.actions.ts';
import { createDirectoryUpdates } from './directory.updates.ts';
import { createDirectoryReader } from './directory.reader.ts';
import { createOutboundDirectory } from './outbound.reader.ts';
import { createDirectoryRevision } from './directory-revision.ts';

export type Directory = DirectoryReader & DirectoryUpdates & DirectoryActions & OutboundDirectory & DirectoryAdmin;

/** Accounts of one customer that are looked at together, unless `CUSTOMER_ACCOUNTS_MAX` says otherwise. */
export const defaultCustomerAccountsMax = 1000;

/** @param customerAccountsMax with more accounts than these, those of a customer are not looked at */
export function createDirectory(
  connection: Connection,
  customerAccountsMax: number = defaultCustomerAccountsMax,
): Directory {
  const revision = createDirectoryRevision(connection);
  return guarded<Directory>({
    ...createDirectoryReader(connection, revision, customerAccountsMax),
    ...createDirectoryUpdates(connection, revision),
    ...createDirectoryActions(connection),
    ...createDeskReader(connection),
    ...createAccountFreezes(connection, revision),
    ...createOutboundDirectory(connection),
    ...createDirectoryAdmin(connection, revision),
  });
}
