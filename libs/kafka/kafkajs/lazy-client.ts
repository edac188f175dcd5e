interface Client {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
}

/** A client that connects when it is used. After a failure it is given up: the next use makes and connects another. */
export class LazyClient<C extends Client> {
  readonly #make: () => C;
  #connecting: Promise<C> | null = null;

  constructor(make: () => C) {
    this.#make = make;
  }

  /** @throws what connecting and `work` throw */
  async use<T>(work: (client: C) => Promise<T>): Promise<T> {
    const connecting = (this.#connecting ??= this.#connect());
    try {
      return await work(await connecting);
    } catch (error) {
      // It is given up: whether its connections close in order makes no difference to anything.
      if (this.#connecting === connecting) await this.close().catch(() => undefined);
      throw error;
    }
  }

  async close(): Promise<void> {
    const connecting = this.#connecting;
    this.#connecting = null;
    const client = await connecting?.catch(() => null);
    await client?.disconnect();
  }

  async #connect(): Promise<C> {
    const client = this.#make();
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.disconnect().catch(() => undefined);
      throw error;
    }
  }
}
