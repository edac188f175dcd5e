/** What the page of a customer shows, as its address says it. */
export const customerViews = ['tasks', 'notes', 'notifications', 'assignments', 'runs'] as const;
export type CustomerView = (typeof customerViews)[number];

export interface CustomerSearch {
  /** Left out: tasks. */
  view?: CustomerView;
  /** The only brand: of another one, a customer of this id may be another person. */
  brand?: string;
  cursor?: string;
}

/** Leaves out what is no parameter: a link may be old or mistyped. */
export function readCustomerSearch({ view, brand, cursor }: Record<string, unknown>): CustomerSearch {
  const known = customerViews.find((one) => one === view);
  return {
    ...(known !== undefined && { view: known }),
    ...(isText(brand) && { brand }),
    ...(isText(cursor) && { cursor }),
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
