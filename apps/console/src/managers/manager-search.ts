/** What the page of a manager shows, as its address says it. */
export const managerViews = ['unread', 'notifications', 'open', 'done'] as const;

export interface ManagerSearch {
  /** Left out: notifications that are not read. */
  view?: (typeof managerViews)[number];
  cursor?: string;
}

export function readManagerSearch({ view, cursor }: Record<string, unknown>): ManagerSearch {
  const known = managerViews.find((one) => one === view);
  return {
    ...(known !== undefined && { view: known }),
    ...(typeof cursor === 'string' && cursor !== '' && { cursor }),
  };
}
