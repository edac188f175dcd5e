import { Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { signOut, type Session } from './session.ts';

const roles = [
  'SESSION_MANAGER',
  'SESSION_ADMIN',
  'SESSION_DEALER',
  'SESSION_CRM_MANAGER',
  'SESSION_CRM_ADMIN',
] as const;

export function SessionBar({ session: { userId, role, brands } }: { session: Session }) {
  const { t } = useTranslation();
  const known = roles.find((one) => one === role);
  const places = brands === null ? t('session.allBrands') : brands.join(', ') || t('session.noBrands');
  return (
    <Group gap="sm" role="group" aria-label={t('session.signedIn')}>
      <Text size="sm" className="untrusted">
        <b>{userId}</b> · {known === undefined ? role : t(`session.roles.${known}`)} · {places}
      </Text>
      <Button size="xs" variant="default" onClick={signOut}>
        {t('session.signOut')}
      </Button>
    </Group>
  );
}
