import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FailureNote } from '../shared/failure-note.tsx';
import type { Command } from './runs.queries.ts';
import type { useCommand } from './use-command.ts';

interface Props {
  asked: Command;
  command: ReturnType<typeof useCommand>;
  onClose: () => void;
}

/** Says what the command does and asks why; to end a run takes a reason. */
export function CommandDialog({ asked, command, onClose }: Props) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const given = reason.trim();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(`runs.commands.${asked}`)}
      closeButtonProps={{ 'aria-label': t('shared.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!command.isPending) command.mutate({ command: asked, reason: given });
        }}
      >
        <Stack>
          <Text>{t(`runs.explained.${asked}`)}</Text>
          <Textarea
            data-autofocus
            label={t('runs.why')}
            required={asked === 'cancel'}
            value={reason}
            onChange={({ currentTarget }) => setReason(currentTarget.value)}
            maxLength={2000}
            rows={3}
          />
          {command.error !== null && <FailureNote error={command.error} />}
          <Group>
            <Button type="submit" disabled={command.isPending || (asked === 'cancel' && given === '')}>
              {t(`runs.confirm.${asked}`)}
            </Button>
            <Button variant="default" onClick={onClose}>
              {t('shared.close')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
