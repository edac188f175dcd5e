import { Checkbox, Stack, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { managerRoles, useRoleName, type ManagerRole } from '../session/role-name.ts';
import { api, dataOf, type Approval } from '../shared/client.ts';
import { AskDialog } from '../shared/ask-dialog.tsx';
import { useWrite } from '../shared/use-write.ts';

interface Props {
  token: string;
  approvers: Approval['approvers'];
  onTaken: () => void;
  onClose: () => void;
}

interface Reassignment {
  approvers: { roles: ManagerRole[]; users: string[] };
  reason: string;
}

/** Asks others instead: those who are named here replace those who were asked. */
export function ReassignDialog({ token, approvers, onTaken, onClose }: Props) {
  const { t } = useTranslation('approvals');
  const roleName = useRoleName();
  const [roles, setRoles] = useState<string[]>(approvers.roles);
  const [names, setNames] = useState(approvers.users.join('\n'));
  const [isEmpty, setEmpty] = useState(false);
  const { write, isPending, error } = useWrite(
    async ({ approvers: given, reason }: Reassignment, key) => {
      const params = { path: { token }, header: { 'Idempotency-Key': key } };
      const body = reason === '' ? { approvers: given } : { approvers: given, reason };
      return dataOf(api.POST('/api/workflow/approvals/{token}/reassign', { params, body }));
    },
    { onTaken, changes: [['approval', token], ['approvals']] },
  );
  const users = names
    .split('\n')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return (
    <AskDialog
      title={t('reassign.title')}
      text={t('reassign.text')}
      confirm={t('reassign.confirm')}
      reason="optional"
      isPending={isPending}
      error={error}
      onConfirm={(reason) => {
        const given = managerRoles.filter((role) => roles.includes(role));
        setEmpty(given.length + users.length === 0);
        if (given.length + users.length > 0) write({ approvers: { roles: given, users }, reason });
      }}
      onClose={onClose}
    >
      <Checkbox.Group label={t('reassign.roles')} value={roles} onChange={setRoles}>
        <Stack gap="xs" mt="xs">
          {managerRoles.map((role) => (
            <Checkbox key={role} value={role} label={roleName(role)} />
          ))}
        </Stack>
      </Checkbox.Group>
      <Textarea
        label={t('reassign.users')}
        description={t('reassign.usersText')}
        value={names}
        onChange={({ currentTarget }) => setNames(currentTarget.value)}
        error={isEmpty && t('reassign.nobody')}
        spellCheck={false}
        rows={3}
      />
    </AskDialog>
  );
}
