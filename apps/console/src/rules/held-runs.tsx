import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AskDialog } from '../shared/ask-dialog.tsx';
import { api, dataOf } from '../shared/client.ts';
import { useWrite } from '../shared/use-write.ts';
import { heldQuery, mostHeld } from './rules.queries.ts';

type HeldCommand = 'release' | 'discard';

/** The runs that the limit of a rule holds, and what becomes of all of them. */
export function HeldRuns({ ruleId, isAdmin }: { ruleId: string; isAdmin: boolean }) {
  const { t } = useTranslation('rules');
  const { data: held = 0 } = useQuery(heldQuery(ruleId));
  const [asked, setAsked] = useState<HeldCommand | null>(null);
  const [done, setDone] = useState('');
  const { write, isPending, error, reset } = useWrite(
    async (command: HeldCommand): Promise<string> => {
      const params = { path: { id: ruleId } };
      if (command === 'discard') {
        const { discarded } = await dataOf(api.POST('/api/workflow/rules/{id}/held/discard', { params }));
        return t('held.discarded', { count: discarded });
      }
      const { released, refused } = await dataOf(api.POST('/api/workflow/rules/{id}/held/release', { params }));
      return [
        t('held.released', { count: released }),
        ...(refused > 0 ? [t('held.refused', { count: refused })] : []),
      ].join(' ');
    },
    {
      onTaken: (told) => {
        setAsked(null);
        setDone(told);
      },
      changes: [['runs']],
    },
  );
  const count = held >= mostHeld ? t('orMore', { count: mostHeld }) : String(held);
  if (held === 0 && done === '') return null;
  return (
    <Stack gap="xs" component="section">
      <Title order={2} size="h4">
        {t('held.title')}
      </Title>
      <Text role="status">{done}</Text>
      {held > 0 && (
        <Group>
          <Link to="/runs" search={{ rule_id: ruleId, status: 'held' }}>
            {t('held.count', { number: count, count: held })}
          </Link>
          {isAdmin &&
            (['release', 'discard'] as const).map((command) => (
              <Button
                key={command}
                size="xs"
                variant="default"
                onClick={() => {
                  reset();
                  setAsked(command);
                }}
              >
                {t(`held.${command}`)}
              </Button>
            ))}
        </Group>
      )}
      {asked !== null && (
        <AskDialog
          key={asked}
          title={t(`held.${asked}`)}
          text={t(`held.explained.${asked}`, { number: count, count: held })}
          confirm={t(`held.confirm.${asked}`, { number: count, count: held })}
          isPending={isPending}
          error={error}
          onConfirm={() => write(asked)}
          onClose={() => setAsked(null)}
        />
      )}
    </Stack>
  );
}
