import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

export function Loading() {
  const { t } = useTranslation();
  return <Text role="status">{t('shared.loading')}</Text>;
}
