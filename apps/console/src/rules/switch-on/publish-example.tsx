import { Code, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Rule } from '../../shared/client.ts';
import { CopyButton } from '../../shared/copy-button.tsx';
import { knownLoginQuery } from '../../shared/rule/known-account.ts';
import { publishCommand } from './publish-command.ts';

/** How to see a rule run that has just been switched on. */
export function PublishExample({ rule }: { rule: Rule }) {
  const { t } = useTranslation('rules');
  const { data: login = null } = useQuery(knownLoginQuery);
  const [event] = useState(() => {
    return { id: `example-${crypto.randomUUID().slice(0, 8)}`, occurredAt: new Date().toISOString() };
  });
  const command = publishCommand(rule, login, event);
  return (
    <details>
      <summary>{t('activate.publish')}</summary>
      <Stack gap="xs">
        <Text size="sm">{t('activate.publishText')}</Text>
        <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {command}
        </Code>
        <Group>
          <CopyButton value={command} what={t('activate.command')} />
        </Group>
      </Stack>
    </details>
  );
}
