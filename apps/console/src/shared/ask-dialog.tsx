import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { FailureNote } from './failure-note.tsx';

interface Props {
  title: string;
  /** What will happen. */
  text: string;
  /** What the button says that does it. */
  confirm: string;
  /** Whether a reason is asked for. */
  reason?: 'none' | 'optional' | 'required';
  isPending: boolean;
  error: Error | null;
  /** @param reason trimmed; empty: none was given */
  onConfirm: (reason: string) => void;
  onClose: () => void;
  /** Further fields. */
  children?: ReactNode;
}

/** Says what a write does, and asks before it is sent. */
export function AskDialog({
  title,
  text,
  confirm,
  reason: asked = 'none',
  isPending,
  error,
  onConfirm,
  onClose,
  children,
}: Props) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const given = reason.trim();
  const isIncomplete = asked === 'required' && given === '';
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('shared.close') }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!isPending && !isIncomplete) onConfirm(given);
        }}
      >
        <Stack>
          <Text>{text}</Text>
          {children}
          {asked !== 'none' && (
            <Textarea
              data-autofocus
              label={t('shared.reason')}
              required={asked === 'required'}
              value={reason}
              onChange={({ currentTarget }) => setReason(currentTarget.value)}
              maxLength={2000}
              rows={3}
            />
          )}
          {error !== null && <FailureNote error={error} />}
          <Group>
            <Button type="submit" disabled={isPending || isIncomplete}>
              {confirm}
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
