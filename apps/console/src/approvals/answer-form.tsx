import { Button, Group, Stack, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FailureNote } from '../shared/failure-note.tsx';
import type { useAnswer } from './use-answer.ts';

/** No button has the focus, none is that of a form: nothing but a click or a key on it decides. */
export function AnswerForm({ answer }: { answer: ReturnType<typeof useAnswer> }) {
  const { t } = useTranslation('approvals');
  const [comment, setComment] = useState('');
  return (
    <Stack align="flex-start">
      <Textarea
        w="100%"
        label={t('comment')}
        description={t('commentText')}
        value={comment}
        onChange={({ currentTarget }) => setComment(currentTarget.value)}
        maxLength={2000}
        autosize={false}
        rows={3}
      />
      <Group className="save-bar" w="100%">
        {(['approve', 'reject'] as const).map((decision) => (
          <Button
            key={decision}
            variant={decision === 'approve' ? 'filled' : 'default'}
            onClick={() => answer.write({ decision, comment: comment.trim() })}
            disabled={answer.isPending}
          >
            {t(`decide.${decision}`)}
          </Button>
        ))}
      </Group>
      {answer.error !== null && <FailureNote error={answer.error} />}
    </Stack>
  );
}
