/** The pages that the header leads to, in its order. */
export const navigation = [
  { to: '/', name: 'overview' },
  { to: '/runs', name: 'runs' },
  { to: '/approvals', name: 'approvals' },
  { to: '/rules', name: 'rules' },
  { to: '/events', name: 'events' },
  { to: '/audit', name: 'audit' },
  { to: '/dead-letters', name: 'deadLetters' },
  { to: '/connections', name: 'connections' },
  { to: '/directory', name: 'directory' },
] as const;
