/**
 * Natural batching: an item goes out at once while a request is free; what arrives while all are under way goes out
 * together as soon as one comes back. Idle, nothing waits; under load, batches grow by themselves.
 */

export interface BatcherOptions {
  /** Requests under way at once. */
  requests: number;
  /** Most items of one request. */
  items: number;
}

interface Waiting<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/**
 * @param send does all items of a request and returns one outcome for each, in their order; when it rejects, every
 * item of the request rejects with the same error
 */
export function createBatcher<Item, Result>(
  send: (items: Item[]) => Promise<(Result | Error)[]>,
  { requests, items }: BatcherOptions,
): (item: Item) => Promise<Result> {
  const queue: Waiting<Item, Result>[] = [];
  let underWay = 0;

  const drain = async (): Promise<void> => {
    underWay += 1;
    while (queue.length > 0) await settle(queue.splice(0, items), send);
    underWay -= 1;
  };

  return (item) =>
    new Promise<Result>((resolve, reject) => {
      queue.push({ item, resolve, reject });
      if (underWay < requests) void drain();
    });
}

async function settle<Item, Result>(
  batch: Waiting<Item, Result>[],
  send: (items: Item[]) => Promise<(Result | Error)[]>,
): Promise<void> {
  try {
    const outcomes = await send(batch.map(({ item }) => item));
    batch.forEach(({ resolve, reject }, index) => {
      const outcome = outcomes[index]!;
      if (outcome instanceof Error) reject(outcome);
      else resolve(outcome);
    });
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}
