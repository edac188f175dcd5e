import { Button, Group, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AskDialog } from '../../shared/ask-dialog.tsx';
import { ApiFailure, type Rule } from '../../shared/client.ts';
import { CopyButton } from '../../shared/copy-button.tsx';
import { PublishExample } from './publish-example.tsx';
import { useRuleWrite } from '../use-rule-write.ts';

type Wanted = 'active' | 'shadow';

/** Switches the rule on as it is shown, or first into shadow. */
export function Activate({ rule, onTaken }: { rule: Rule; onTaken: (rule: Rule) => void }) {
  const { t } = useTranslation('rules');
  const [asked, setAsked] = useState<Wanted | null>(null);
  const { write, isPending, error, reset } = useRuleWrite(rule.id, (written) => {
    setAsked(null);
    onTaken(written);
  });
  const needsAnother = error instanceof ApiFailure && error.code === 'four_eyes_required';
  const wanted: Wanted[] = rule.status === 'shadow' ? ['active'] : ['active', 'shadow'];
  if (rule.status === 'archived') return <Text>{t('activate.archived')}</Text>;
  return (
    <Stack gap="xs">
      <div role="status">
        {rule.status === 'active' && (
          <Text>
            ✓ {t('activate.isOn')} {t('activate.waits')}{' '}
            <Link to="/runs" search={{ rule_id: rule.id }}>
              {t('facts.toRuns')}
            </Link>
          </Text>
        )}
        {rule.status === 'active' && <PublishExample rule={rule} />}
        {rule.status === 'shadow' && <Text>◐ {t('activate.isShadow')}</Text>}
        {needsAnother && (
          <Group>
            <Text>{t('activate.another')}</Text>
            <CopyButton value={location.href} what={t('activate.address')} />
          </Group>
        )}
      </div>
      {rule.status !== 'active' && (
        <Group>
          {wanted.map((status) => (
            <Button
              key={status}
              variant={status === 'active' ? 'filled' : 'default'}
              onClick={() => {
                reset();
                setAsked(status);
              }}
            >
              {t(`activate.${status}`)}
            </Button>
          ))}
        </Group>
      )}
      {asked !== null && (
        <AskDialog
          key={asked}
          title={t(`activate.${asked}`)}
          text={t(`activate.explained.${asked}`, { name: rule.name.slice(0, 100), version: rule.version })}
          confirm={t(`activate.confirm.${asked}`)}
          isPending={isPending}
          error={error}
          onConfirm={() => write({ status: asked, version: rule.version })}
          onClose={() => setAsked(null)}
        />
      )}
    </Stack>
  );
}
