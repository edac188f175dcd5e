/** The pages that the header leads to, in its order. */
export const navigation = [
  { to: '/', name: 'overview' },
  { to: '/runs', name: 'runs' },
  { to: '/approvals', name: 'approvals' },
] as const;
