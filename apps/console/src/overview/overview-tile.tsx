import { Paper, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNumberText } from '../shared/count.tsx';
import type { OverviewCount } from './overview.queries.ts';

interface Props {
  name: string;
  children: ReactNode;
}

/** One number, or what is said in its place. */
export function Tile({ name, children }: Props) {
  return (
    <Paper withBorder p="md">
      <Text component="dt" size="sm" c="dimmed">
        {name}
      </Text>
      <Text component="dd" size="xl" m={0}>
        {children}
      </Text>
    </Paper>
  );
}

interface Known {
  count: OverviewCount;
  /** The way to the list that has so many. @param number how many, in words */
  children: (number: string) => ReactNode;
}

export function CountOrWhyNot({ count: { state, count, is_more }, children }: Known) {
  const { t } = useTranslation('overview');
  const numberText = useNumberText();
  if (state !== 'known' || count === null) return <WhyNot state={state} />;
  return children(is_more ? t('more', { number: numberText(count) }) : numberText(count));
}

export function WhyNot({ state }: Pick<OverviewCount, 'state'>) {
  const { t } = useTranslation('overview');
  const isWithheld = state === 'withheld';
  return (
    <>
      <Text span>{t(isWithheld ? 'withheld' : 'unknown')}</Text>
      <Text size="sm" c="dimmed">
        {t(isWithheld ? 'withheldText' : 'unknownText')}
      </Text>
    </>
  );
}
