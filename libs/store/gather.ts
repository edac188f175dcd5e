/**
 * Natural batching: an item goes out at once while nothing is under way; what arrives during a request goes out
 * together with the next one. Idle, nothing waits; under load, batches grow by themselves.
 */

/**
 * @param send does all items of a batch and returns one outcome for each, in their order; when it rejects, every item
 * of the batch rejects with the same error
 * @param limit most items of one batch
 */
export function gather<Item, Result>(
  send: (items: Item[]) => Promise<(Result | Error)[]>,
  limit: number,
): (item: Item) => Promise<Result> {
  interface Waiting {
    item: Item;
    resolve: (result: Result) => void;
    reject: (error: unknown) => void;
  }
  const queue: Waiting[] = [];
  let busy = false;

  const drain = async (): Promise<void> => {
    busy = true;
    while (queue.length > 0) {
      const batch = queue.splice(0, limit);
      try {
        const outcomes = await send(batch.map((waiting) => waiting.item));
        batch.forEach((waiting, index) => {
          const outcome = outcomes[index]!;
          if (outcome instanceof Error) waiting.reject(outcome);
          else waiting.resolve(outcome);
        });
      } catch (error) {
        for (const waiting of batch) waiting.reject(error);
      }
    }
    busy = false;
  };

  return (item) =>
    new Promise<Result>((resolve, reject) => {
      queue.push({ item, resolve, reject });
      if (!busy) void drain();
    });
}
