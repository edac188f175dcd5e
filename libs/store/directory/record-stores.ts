/** The kinds of the directory in the store. */
import type { Connection } from 'mongoose';
import type { DirectoryKind, DirectoryRecord } from '#libs/domain/directory/directory-data.ts';
import type { RecordIdentities } from '#libs/domain/directory/record-id.ts';
import { storeKey, storeValue } from '../mongo/storable-text.ts';
import { createAccountStore } from './account.store.ts';
import { createCustomerStore } from './customer.store.ts';
import { findManager } from './directory.actions.ts';
import {
  deskKey,
  deskModel,
  groupModel,
  managerModel,
  statusModel,
  teamModel,
  toDeskDocument,
} from './directory.models.ts';
import { maskEndpoint } from './mask-endpoint.ts';
import {
  endpointKey,
  endpointModel,
  templateKey,
  templateModel,
  toEndpoint,
  toEndpointDocument,
  toTemplateDocument,
} from './outbound.models.ts';
import { createRecordStore, type RecordStore } from './record.store.ts';
import { toUser, toUserDocument, toUserGroup, toUserGroupDocument, userGroupModel, userModel } from './user.models.ts';

export type RecordStores = {
  [Kind in DirectoryKind]: RecordStore<DirectoryRecord<Kind>, RecordIdentities[Kind]>;
};

export function createRecordStores(connection: Connection): RecordStores {
  return {
    groups: createRecordStore({
      model: groupModel(connection),
      keys: 'string',
      key: ({ name }) => storeKey(name),
      toDocument: (group) => storeValue({ _id: storeKey(group.name), ...group }),
      toRecord: ({ _id, ...group }) => group,
    }),
    accounts: createAccountStore(connection),
    customers: createCustomerStore(connection),
    managers: createRecordStore({
      model: managerModel(connection),
      keys: 'number',
      key: ({ id }) => id,
      toDocument: (manager) => storeValue({ _id: manager.id, ...manager }),
      toRecord: findManager,
    }),
    teams: createRecordStore({
      model: teamModel(connection),
      keys: 'string',
      key: ({ id }) => id,
      toDocument: (team) => storeValue({ _id: team.id, ...team }),
      toRecord: ({ _id, ...team }) => team,
    }),
    desks: createRecordStore({
      model: deskModel(connection),
      keys: 'string',
      key: ({ code, brand = null }) => deskKey(code, brand),
      toDocument: toDeskDocument,
      toRecord: ({ _id, ...desk }) => desk,
    }),
    statuses: createRecordStore({
      model: statusModel(connection),
      keys: 'mixed',
      key: ({ id }) => id,
      toDocument: (status) => storeValue({ _id: status.id, ...status }),
      toRecord: ({ _id, ...status }) => status,
    }),
    templates: createRecordStore({
      model: templateModel(connection),
      keys: 'string',
      key: ({ channel, code, language = null, brand = null }) => templateKey({ channel, code, language, brand }),
      toDocument: toTemplateDocument,
      toRecord: ({ _id, ...template }) => template,
      unlisted: { html: 0, text: 0 },
    }),
    endpoints: createRecordStore({
      model: endpointModel(connection),
      keys: 'string',
      key: ({ name, brand = null }) => endpointKey(name, brand),
      toDocument: toEndpointDocument,
      toRecord: toEndpoint,
      // A digest of secrets would let them be guessed.
      toVersioned: (document) => ({ ...maskEndpoint(toEndpoint(document)), drawn: document.drawn }),
      drawn: 'drawn',
    }),
    users: createRecordStore({
      model: userModel(connection),
      keys: 'number',
      key: ({ id }) => id,
      toDocument: (user) => storeValue(toUserDocument(user)),
      toRecord: toUser,
    }),
    user_groups: createRecordStore({
      model: userGroupModel(connection),
      keys: 'string',
      key: ({ code }) => code,
      toDocument: (group) => storeValue(toUserGroupDocument(group)),
      toRecord: toUserGroup,
    }),
  };
}
