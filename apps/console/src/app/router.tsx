/** The pages and their addresses. Search parameters are plain texts, so that a link can be read. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { readApprovalsSearch } from '../approvals/approvals-search.ts';
import { readCustomerSearch } from '../customers/customer-search.ts';
import { readManagerSearch } from '../managers/manager-search.ts';
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
    routeTree: root.addChildren([start, runs, run, approvals, approval, customer, manager]),
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
