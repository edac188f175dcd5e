import { Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useRoleName } from './role-name.ts';
import { leave } from './oidc/sign-out.ts';
import type { Session } from './session.ts';

export function SessionBar({ session: { userId, role, brands } }: { session: Session }) {
  const { t } = useTranslation();
  const roleName = useRoleName();
  const places = brands === null ? t('session.allBrands') : brands.join(', ') || t('session.noBrands');
  return (
    <Group gap="sm" role="group" aria-label={t('session.signedIn')}>
      <Text size="sm" className="untrusted">
        <b>{userId}</b> · {roleName(role)} · {places}
      </Text>
      <Button size="xs" variant="default" onClick={() => void leave()}>
        {t('session.signOut')}
      </Button>
    </Group>
  );
}
