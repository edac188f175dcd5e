import '../texts.ts';
import { Group, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../shared/copy-button.tsx';
import { Fact, Facts } from '../../shared/facts.tsx';
import { FailureNote } from '../../shared/failure-note.tsx';
import { Loading } from '../../shared/loading.tsx';
import { Untrusted } from '../../shared/untrusted.tsx';
import { webhookQuery, type WorkflowWebhook } from '../connections.queries.ts';
import { MadeFact } from '../made-fact.tsx';
import { useOutcome } from '../outcome.tsx';
import { SectionHead } from '../section-head.tsx';
import { StatusBadge } from '../status-badge.tsx';
import { WebhookControls } from './webhook-controls.tsx';
import { WebhookKeys } from './webhook-keys.tsx';

const route = getRouteApi('/connections/webhooks/$webhookId');

export function WebhookPage() {
  const { webhookId: id } = route.useParams();
  const { t } = useTranslation('connections');
  const { data, error, refetch } = useQuery(webhookQuery(id));
  const outcome = useOutcome();
  return (
    <Stack>
      <SectionHead title={data?.name ?? t('webhook.one')} of="webhooks" />
      {error !== null && <FailureNote error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data !== undefined && <WebhookControls webhook={data} outcome={outcome} />}
      {outcome.view}
      {data !== undefined && (
        <>
          <WebhookFacts webhook={data} />
          <WebhookKeys webhook={data} outcome={outcome} />
        </>
      )}
    </Stack>
  );
}

function WebhookFacts({ webhook }: { webhook: WorkflowWebhook }) {
  const { t } = useTranslation('connections');
  const { enabled, description, brand, token_exchange: exchange, rate_limit: rate, event_types: types } = webhook;
  const typed = Object.entries(types).map(([name, trigger]) => `${name} → ${trigger}`);
  return (
    <Facts>
      <Fact name={t('status')}>
        <StatusBadge text={t(`webhook.statuses.${enabled}`)} />
      </Fact>
      <Address name={t('webhook.handshake')} url={webhook.handshake_url} />
      <Address name={t('webhook.address')} url={webhook.webhook_url} />
      <Fact name={t('webhook.exchange')}>{t(`webhook.exchanges.${exchange}`)}</Fact>
      <Fact name={t('description')}>{description !== '' && <Untrusted text={description} />}</Fact>
      <Fact name={t('brand')}>{brand !== null && <Untrusted text={brand} />}</Fact>
      <Fact name={t('webhook.rate')}>{rate ?? t('webhook.noRate')}</Fact>
      <Fact name={t('webhook.types')}>{typed.length > 0 && <Untrusted text={typed.join(', ')} />}</Fact>
      <MadeFact name="created" at={webhook.created_at} by={webhook.created_by} />
      <MadeFact name="changed" at={webhook.updated_at} by={webhook.updated_by} />
    </Facts>
  );
}

function Address({ name, url }: { name: string; url: string }) {
  return (
    <Fact name={name}>
      <Group gap="xs">
        <Untrusted text={url} />
        <CopyButton value={url} what={name} />
      </Group>
    </Fact>
  );
}
