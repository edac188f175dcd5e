import { Code, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { components } from '../shared/api-types.ts';
import { Fact, Facts } from '../shared/facts.tsx';
import { ruleWords } from '../shared/rule/rule-words.ts';
import { Untrusted } from '../shared/untrusted.tsx';

type Background = components['schemas']['ApprovalBackground'];

/** What the run was decided on, and what follows either answer. */
export function ApprovalBackground({ background, isOpen }: { background: Background | null; isOpen: boolean }) {
  const { t } = useTranslation('approvals');
  if (background === null) return <Text>{t('background.gone')}</Text>;
  return (
    <Stack>
      {isOpen && <Outlook background={background} />}
      {background.facts.length > 0 && (
        <>
          <Title order={2} size="h4">
            {t('background.facts')}
          </Title>
          <Facts>
            {background.facts.map(({ field, value }) => (
              <Fact key={field} name={field}>
                <Untrusted text={String(value)} />
              </Fact>
            ))}
          </Facts>
        </>
      )}
    </Stack>
  );
}

function Outlook({ background }: { background: Background }) {
  const { t } = useTranslation('approvals');
  const { on_approve, on_reject, on_expire } = background;
  return (
    <>
      <Title order={2} size="h4">
        {t('background.next')}
      </Title>
      <Facts>
        <Fact name={t('background.approved')}>
          {on_approve.length === 0 ? t('background.nothing') : <Following actions={on_approve} />}
        </Fact>
        <Fact name={t('background.rejected')}>{t(`background.paths.${on_reject}`)}</Fact>
        {on_expire !== null && <Fact name={t('background.expired')}>{t(`background.paths.${on_expire}`)}</Fact>}
      </Facts>
    </>
  );
}

function Following({ actions }: { actions: Background['on_approve'] }) {
  const { i18n } = useTranslation();
  const words = ruleWords(i18n.language).actions;
  return (
    <ol className="timeline">
      {actions.map(({ index, type, detail }) => (
        <li key={index} value={index + 1}>
          {Object.hasOwn(words, type) && words[type]?.label} <Code>{type}</Code>{' '}
          {detail !== null && <Untrusted text={detail} isClipped />}
        </li>
      ))}
    </ol>
  );
}
