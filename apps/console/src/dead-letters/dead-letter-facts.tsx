import { Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../shared/copy-button.tsx';
import { Fact, Facts } from '../shared/facts.tsx';
import { Untrusted } from '../shared/untrusted.tsx';
import { When } from '../shared/when.tsx';
import { DeadLetterState } from './dead-letter-state.tsx';
import type { ShownDeadLetter } from './dead-letters.queries.ts';

export function DeadLetterFacts({ letter }: { letter: ShownDeadLetter }) {
  const { t } = useTranslation('deadLetters');
  const { t: shared } = useTranslation();
  const { dead_letter_id: id, state, at, brand, origin, key, value_bytes: bytes, resend } = letter;
  const { partition, offset, last_offset: last } = origin;
  return (
    <Facts>
      <Fact name={t('state')}>
        <DeadLetterState state={state} />
      </Fact>
      <Fact name={t('sentBy')}>{resend && <Untrusted text={resend.by} />}</Fact>
      <Fact name={t('sentAt')}>{resend && <When at={resend.at} />}</Fact>
      <Fact name={t('sentTo')}>{resend?.to && t('place', { ...resend.to })}</Fact>
      <Fact name={t('at')}>
        <When at={at} />
      </Fact>
      <Fact name={shared('shared.brand')}>{brand === null ? t('unknownBrand') : <Untrusted text={brand} />}</Fact>
      <Fact name={t('origin')}>
        <Untrusted text={origin.topic} />,{' '}
        {last === null ? t('place', { partition, offset }) : t('places', { partition, offset, last })}
      </Fact>
      <Fact name={t('originAt')}>{origin.at !== null && <When at={origin.at} />}</Fact>
      <Fact name={t('key')}>{key !== null && (key === '' ? t('emptyKey') : <Untrusted text={key} />)}</Fact>
      <Fact name={t('size')}>{bytes !== null && t('bytes', { count: bytes })}</Fact>
      <Fact name={t('id')}>
        <Group gap="xs">
          <Untrusted text={id} />
          <CopyButton value={id} what={t('id')} />
        </Group>
      </Fact>
    </Facts>
  );
}
