/** The collections `users` and `user_groups`. */
import { Schema, type InferRawDocTypeFromSchema } from 'mongoose';
import type { DirectoryUser, GroupRight, UserGroup } from '#libs/domain/directory/directory-user.ts';
import { optional, required } from '../mongo/fields.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';

/** `_id` = id. */
const users = Schema.create(
  {
    _id: required(Number),
    username: required(String),
    name: optional(String),
    email: optional(String),
    enabled: required(Boolean),
    brands: optional<string[]>([String]),
    role: optional(String),
    delegates: optional<string[]>([String]),
  },
  schemaOptions,
);
users.index({ username: 1 }, { unique: true });

/** `_id` = code. */
const groups = Schema.create(
  {
    _id: required(String),
    name: required(String),
    right: required<GroupRight>(String),
    folders: optional<string[]>([String]),
    may_cancel: optional(Boolean),
    users: required<string[]>([String]),
  },
  schemaOptions,
);
groups.index({ users: 1 });

type UserDocument = InferRawDocTypeFromSchema<typeof users>;
type GroupDocument = InferRawDocTypeFromSchema<typeof groups>;

export const userModel = defineModel('users', users);
export const userGroupModel = defineModel('user_groups', groups);

export function toUser({ _id: id, ...user }: UserDocument): DirectoryUser {
  return { id, ...user };
}

export function toUserDocument({ id: _id, ...user }: DirectoryUser): UserDocument {
  return { _id, ...user };
}

export function toUserGroup({ _id: code, ...group }: GroupDocument): UserGroup {
  return { code, ...group };
}

export function toUserGroupDocument({ code: _id, ...group }: UserGroup): GroupDocument {
  return { _id, ...group };
}
