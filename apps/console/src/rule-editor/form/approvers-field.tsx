import { Checkbox, Fieldset, Stack, Text, Textarea } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useTools } from '../editor-tools.ts';
import { isObject } from '../model/condition-tree.ts';
import { readList, writeList } from '../model/field-values.ts';
import { withMember } from '../model/rule-edits.ts';
import { useRoleName } from '../../session/role-name.ts';
import { Untrusted } from '../../shared/untrusted.tsx';
import { useProblemsAt } from '../use-problems.ts';
import { useTyped } from './use-typed.ts';

interface Props {
  legend: string;
  hint: string;
  value: unknown;
  place: string;
  onChange: (approvers: unknown) => void;
}

/** Who may answer: roles, users, and the manager of the customer. */
export function ApproversField({ legend, hint, value, place, onChange }: Props) {
  const { t } = useTranslation('editor');
  const { registry, language } = useTools();
  const roleName = useRoleName();
  const approvers = isObject(value) ? value : {};
  const { error, warning } = useProblemsAt(place);
  const given: unknown[] = Array.isArray(approvers['roles']) ? approvers['roles'] : [];
  const roles = [...registry.roles, ...given.filter((one) => !registry.roles.includes(String(one))).map(String)];
  const set = (name: string, member: unknown): void => onChange(withMember(approvers, name, member));
  const [users, typeUsers] = useTyped<unknown>(
    approvers['users'],
    (one) => (Array.isArray(one) ? writeList(one, 'text', language) : ''),
    (typed) => {
      const list = readList(typed, [], 'text', language);
      return list.length === 0 ? undefined : list;
    },
    (list) => set('users', list),
  );
  return (
    <Fieldset legend={legend} data-place={place} variant="unstyled">
      <Stack gap="xs">
        <Text size="sm" c="dimmed">
          {hint}
        </Text>
        {error !== undefined && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            ✗ <Untrusted text={error} />
          </Text>
        )}
        {warning !== undefined && (
          <Text size="sm">
            ⚠ <Untrusted text={warning} />
          </Text>
        )}
        <Stack gap={4} role="group" aria-label={t('approverRoles')}>
          <Text size="sm" c="dimmed">
            {t('approverRolesHelp')}
          </Text>
          {roles.map((role) => (
            <Checkbox
              key={role}
              label={roleName(role)}
              checked={given.includes(role)}
              aria-invalid={error !== undefined}
              onChange={({ currentTarget }) => {
                const others = given.filter((one) => one !== role);
                const next = currentTarget.checked ? [...others, role] : others;
                set('roles', next.length === 0 ? undefined : next);
              }}
            />
          ))}
        </Stack>
        <Checkbox
          label={t('approverManager')}
          description={t('approverManagerHelp')}
          checked={approvers['manager_of_customer'] === true}
          onChange={({ currentTarget }) => set('manager_of_customer', currentTarget.checked ? true : undefined)}
        />
        <Textarea
          label={t('approverUsers')}
          description={t('approverUsersHelp')}
          value={users}
          onChange={({ currentTarget }) => typeUsers(currentTarget.value)}
          rows={2}
          spellCheck={false}
        />
      </Stack>
    </Fieldset>
  );
}
