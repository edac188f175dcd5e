/** The pages and their addresses. Search parameters are plain texts, so that a link can be read. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { readApprovalsSearch } from '../approvals/approvals-search.ts';
import { readCustomerSearch } from '../customers/customer-search.ts';
import { readDirectorySearch } from '../directory/directory-search.ts';
import { readManagerSearch } from '../managers/manager-search.ts';
import { readAuditSearch } from '../audit/audit-search.ts';
import { readNewRuleSearch } from '../rule-editor/rule-editor-search.ts';
import { readRulesSearch } from '../rules/rules-search.ts';
import { readSwitchOnSearch } from '../rules/switch-on/switch-on-search.ts';
import { readBulkSearch } from '../bulk/bulk-search.ts';
import { readAttemptsSearch, readPageSearch } from '../connections/connections-search.ts';
import { readDeadLettersSearch } from '../dead-letters/dead-letters-search.ts';
import { readRunsSearch } from '../runs/runs-search.ts';
import { NotFound } from './not-found.tsx';
import { PageError } from './page-error.tsx';
import { Shell } from './shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const start = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('../overview/overview-page.tsx'), 'OverviewPage'),
});

const runs = createRoute({
  getParentRoute: () => root,
  path: '/runs',
  validateSearch: readRunsSearch,
  component: lazyRouteComponent(() => import('../runs/runs-page.tsx'), 'RunsPage'),
});

const run = createRoute({
  getParentRoute: () => root,
  path: '/runs/$runId',
  component: lazyRouteComponent(() => import('../runs/run-page.tsx'), 'RunPage'),
});

const bulkOperations = createRoute({
  getParentRoute: () => root,
  path: '/bulk-operations',
  validateSearch: readBulkSearch,
  component: lazyRouteComponent(() => import('../bulk/bulk-list-page.tsx'), 'BulkListPage'),
});

const bulkOperation = createRoute({
  getParentRoute: () => root,
  path: '/bulk-operations/$bulkId',
  validateSearch: readBulkSearch,
  component: lazyRouteComponent(() => import('../bulk/bulk-page.tsx'), 'BulkPage'),
});

const approvals = createRoute({
  getParentRoute: () => root,
  path: '/approvals',
  validateSearch: readApprovalsSearch,
  component: lazyRouteComponent(() => import('../approvals/approvals-page.tsx'), 'ApprovalsPage'),
});

const approval = createRoute({
  getParentRoute: () => root,
  path: '/approvals/$token',
  component: lazyRouteComponent(() => import('../approvals/approval-page.tsx'), 'ApprovalPage'),
});

const customer = createRoute({
  getParentRoute: () => root,
  path: '/customers/$customerId',
  validateSearch: readCustomerSearch,
  component: lazyRouteComponent(() => import('../customers/customer-page.tsx'), 'CustomerPage'),
});

const manager = createRoute({
  getParentRoute: () => root,
  path: '/managers/$managerId',
  validateSearch: readManagerSearch,
  component: lazyRouteComponent(() => import('../managers/manager-page.tsx'), 'ManagerPage'),
});

const rules = createRoute({
  getParentRoute: () => root,
  path: '/rules',
  validateSearch: readRulesSearch,
  component: lazyRouteComponent(() => import('../rules/rules-page.tsx'), 'RulesPage'),
});

const rule = createRoute({
  getParentRoute: () => root,
  path: '/rules/$ruleId',
  component: lazyRouteComponent(() => import('../rules/rule-page.tsx'), 'RulePage'),
});

const newRule = createRoute({
  getParentRoute: () => root,
  path: '/rules/new',
  validateSearch: readNewRuleSearch,
  component: lazyRouteComponent(() => import('../rule-editor/new-rule-page.tsx'), 'NewRulePage'),
});

const editRule = createRoute({
  getParentRoute: () => root,
  path: '/rules/$ruleId/edit',
  component: lazyRouteComponent(() => import('../rule-editor/edit-rule-page.tsx'), 'EditRulePage'),
});

const switchOn = createRoute({
  getParentRoute: () => root,
  path: '/rules/$ruleId/switch-on',
  validateSearch: readSwitchOnSearch,
  component: lazyRouteComponent(() => import('../rules/switch-on/switch-on-page.tsx'), 'SwitchOnPage'),
});

const events = createRoute({
  getParentRoute: () => root,
  path: '/events',
  component: lazyRouteComponent(() => import('../explain/events-page.tsx'), 'EventsPage'),
});

const event = createRoute({
  getParentRoute: () => root,
  path: '/events/$eventId',
  component: lazyRouteComponent(() => import('../explain/event-page.tsx'), 'EventPage'),
});

const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  validateSearch: readAuditSearch,
  component: lazyRouteComponent(() => import('../audit/audit-page.tsx'), 'AuditPage'),
});

const deadLetters = createRoute({
  getParentRoute: () => root,
  path: '/dead-letters',
  validateSearch: readDeadLettersSearch,
  component: lazyRouteComponent(() => import('../dead-letters/dead-letters-page.tsx'), 'DeadLettersPage'),
});

const deadLetter = createRoute({
  getParentRoute: () => root,
  path: '/dead-letters/$letterId',
  component: lazyRouteComponent(() => import('../dead-letters/dead-letter-page.tsx'), 'DeadLetterPage'),
});

const connections = createRoute({
  getParentRoute: () => root,
  path: '/connections',
  component: lazyRouteComponent(() => import('../connections/connections-page.tsx'), 'ConnectionsPage'),
});

const subscriptions = createRoute({
  getParentRoute: () => root,
  path: '/connections/subscriptions',
  validateSearch: readPageSearch,
  component: lazyRouteComponent(
    () => import('../connections/subscriptions/subscriptions-page.tsx'),
    'SubscriptionsPage',
  ),
});

const subscription = createRoute({
  getParentRoute: () => root,
  path: '/connections/subscriptions/$subscriptionId',
  validateSearch: readAttemptsSearch,
  component: lazyRouteComponent(() => import('../connections/subscriptions/subscription-page.tsx'), 'SubscriptionPage'),
});

const applications = createRoute({
  getParentRoute: () => root,
  path: '/connections/applications',
  validateSearch: readPageSearch,
  component: lazyRouteComponent(() => import('../connections/applications/applications-page.tsx'), 'ApplicationsPage'),
});

const application = createRoute({
  getParentRoute: () => root,
  path: '/connections/applications/$applicationId',
  component: lazyRouteComponent(() => import('../connections/applications/application-page.tsx'), 'ApplicationPage'),
});

const webhooks = createRoute({
  getParentRoute: () => root,
  path: '/connections/webhooks',
  validateSearch: readPageSearch,
  component: lazyRouteComponent(() => import('../connections/webhooks/webhooks-page.tsx'), 'WebhooksPage'),
});

const webhook = createRoute({
  getParentRoute: () => root,
  path: '/connections/webhooks/$webhookId',
  component: lazyRouteComponent(() => import('../connections/webhooks/webhook-page.tsx'), 'WebhookPage'),
});

const keys = createRoute({
  getParentRoute: () => root,
  path: '/connections/keys',
  validateSearch: readPageSearch,
  component: lazyRouteComponent(() => import('../connections/keys/keys-page.tsx'), 'KeysPage'),
});

const directory = createRoute({
  getParentRoute: () => root,
  path: '/directory',
  component: lazyRouteComponent(() => import('../directory/directory-page.tsx'), 'DirectoryPage'),
});

const directoryKind = createRoute({
  getParentRoute: () => root,
  path: '/directory/$kind',
  validateSearch: readDirectorySearch,
  component: lazyRouteComponent(() => import('../directory/kind-page.tsx'), 'KindPage'),
});

const directoryRecord = createRoute({
  getParentRoute: () => root,
  path: '/directory/$kind/$id',
  component: lazyRouteComponent(() => import('../directory/record-page.tsx'), 'RecordPage'),
});

function readSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

function writeSearch(search: Record<string, unknown>): string {
  const given = Object.entries(search).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []));
  const text = new URLSearchParams(given).toString();
  return text === '' ? '' : `?${text}`;
}

export function createConsoleRouter() {
  return createRouter({
    routeTree: root.addChildren([
      start,
      runs,
      run,
      bulkOperations,
      bulkOperation,
      approvals,
      approval,
      customer,
      manager,
      rules,
      rule,
      newRule,
      editRule,
      switchOn,
      events,
      event,
      audit,
      deadLetters,
      deadLetter,
      connections,
      subscriptions,
      subscription,
      applications,
      application,
      webhooks,
      webhook,
      keys,
      directory,
      directoryKind,
      directoryRecord,
    ]),
    basepath: '/console',
    parseSearch: readSearch,
    stringifySearch: writeSearch,
    defaultErrorComponent: PageError,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
