import { Group, NativeSelect, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { languages, setLanguage } from '../i18n/i18n.ts';

/** Language and colours, as this browser keeps them. */
export function Preferences() {
  const { t, i18n } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Group gap="xs">
      <NativeSelect
        size="xs"
        aria-label={t('app.language')}
        value={i18n.language}
        onChange={({ currentTarget }) => setLanguage(currentTarget.value)}
        data={Object.entries(languages).map(([value, label]) => ({ value, label }))}
      />
      <NativeSelect
        size="xs"
        aria-label={t('app.colors')}
        value={colorScheme}
        onChange={({ currentTarget }) => setColorScheme(currentTarget.value as MantineColorScheme)}
        data={(['auto', 'light', 'dark'] as const).map((value) => ({ value, label: t(`app.scheme.${value}`) }))}
      />
    </Group>
  );
}
