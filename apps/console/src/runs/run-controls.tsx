import { Alert, Button, Group } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AskDialog } from '../shared/ask-dialog.tsx';
import type { LiveRun } from '../shared/client.ts';
import { RetryPlan } from './retry-plan.tsx';
import { commandsFor, type Command } from './run-commands.ts';
import { useCommand } from './use-command.ts';

/** Of a run that is held, nothing keeps a reason. */
const reasons = {
  pause: 'optional',
  resume: 'optional',
  cancel: 'required',
  retry: 'optional',
  release: 'none',
  discard: 'none',
} as const;

/** What an administrator may do to a run, and what came of the last of it. */
export function RunControls({ run }: { run: LiveRun }) {
  const { t } = useTranslation('runs');
  const [asked, setAsked] = useState<Command | null>(null);
  const command = useCommand(run.run_id, () => setAsked(null));
  const done = command.isSuccess ? command.variables.command : null;
  const next = command.data?.next;
  return (
    <>
      <Group>
        {commandsFor(run).map((one) => (
          <Button
            key={one}
            size="xs"
            variant="default"
            onClick={() => {
              command.reset();
              setAsked(one);
            }}
          >
            {t(`commands.${one}`)}
          </Button>
        ))}
      </Group>
      <div role="status">
        {done !== null && (
          <Alert variant="default" title={command.data?.isRefused === true ? t('refused') : t(`taken.${done}`)}>
            {next !== undefined && next !== run.run_id && (
              <Link to="/runs/$runId" params={{ runId: next }}>
                {t('goesOn')}
              </Link>
            )}
          </Alert>
        )}
      </div>
      {asked !== null && (
        <AskDialog
          key={asked}
          title={t(`commands.${asked}`)}
          text={t(`explained.${asked}`)}
          confirm={t(`confirm.${asked}`)}
          reason={reasons[asked]}
          isPending={command.isPending}
          error={command.error}
          onConfirm={(reason) => command.write({ command: asked, reason })}
          onClose={() => setAsked(null)}
        >
          {asked === 'retry' && <RetryPlan run={run} />}
        </AskDialog>
      )}
    </>
  );
}
