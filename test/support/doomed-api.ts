/** An API of this process that a test takes the network from, for good, together with the answer to one of its requests. */
import { startTestApi, type TestApi } from './api.ts';
import { servers } from './servers.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

type Door = 'store' | 'temporal';

export interface DoomedApi {
  api: TestApi;
  /** The request of this number, counted from now, is the last one that gets anywhere; its answer does not arrive. */
  loseAnswer(door: Door, number: number): void;
  /** Resolves when it is lost, with the answer that its client gets then: none. */
  lost: Promise<null>;
  /** Lost at the latest now. Resolves when nothing of it is left. */
  end(): Promise<void>;
}

/** @param env as of `startTestApi`, with MONGODB_URI */
export async function startDoomedApi(env: Record<string, string> & { MONGODB_URI?: string }): Promise<DoomedApi> {
  const left: Record<Door, number> = { store: Infinity, temporal: Infinity };
  const proxies: TcpProxy[] = [];
  let isLost = false;
  let tell: (none: null) => void = () => undefined;
  const lost = new Promise<null>((resolve) => (tell = resolve));
  const lose = (): void => {
    isLost = true;
    for (const proxy of proxies) void proxy.cut();
    tell(null);
  };
  const proxy = async (door: Door, target: string): Promise<string> => {
    const started = await startTcpProxy(target, {
      onRequest: (bytes) => {
        if (isOfRequest(bytes)) left[door] -= 1;
        return !isLost;
      },
      onAnswer: () => {
        if (left[door] <= 0 && !isLost) lose();
        return !isLost;
      },
    });
    proxies.push(started);
    return started.address;
  };
  const uri = new URL(env.MONGODB_URI ?? '');
  uri.host = await proxy('store', uri.host);
  const temporal = await proxy('temporal', servers().temporal);
  const api = await startTestApi({ ...env, MONGODB_URI: uri.href, TEMPORAL_ADDRESS: temporal });
  return {
    api,
    loseAnswer: (door, number) => void (left[door] = number),
    lost,
    async end() {
      if (!isLost) lose();
      await api.close();
    },
  };
}

/** Not what the driver asks by itself, nor the indexes that an API makes when it starts. */
function isOfRequest(bytes: Buffer): boolean {
  return !/hello|ismaster|isMaster|endSessions|createIndexes|listIndexes|create\0/.test(
    bytes.toString('latin1', 0, 100),
  );
}
