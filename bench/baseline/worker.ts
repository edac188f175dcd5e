/** The baseline's worker, a process of its own as signalbox's is. Tells its parent how many workflows have ended. */
import { DefaultLogger, NativeConnection, Runtime, Worker, type InjectedSinks } from '@temporalio/worker';
import mongoose from 'mongoose';
import { fileURLToPath } from 'node:url';
import { createBaselineActivities } from './activities.ts';
import type { BenchSinks } from './workflows.ts';

const { TEMPORAL_ADDRESS: address, MONGODB_URI: uri, BASELINE_TASK_QUEUE: taskQueue } = process.env;
if (address === undefined || uri === undefined || taskQueue === undefined) throw new Error('started without addresses');

let ended = 0;
const sinks: InjectedSinks<BenchSinks> = {
  bench: {
    ended: {
      fn() {
        ended += 1;
      },
    },
  },
};
const report = setInterval(() => process.send?.({ ended }), 20);

Runtime.install({ logger: new DefaultLogger('WARN') });
const store = await mongoose.createConnection(uri).asPromise();
const connection = await NativeConnection.connect({ address });
const worker = await Worker.create({
  connection,
  taskQueue,
  workflowsPath: fileURLToPath(new URL('./workflows.js', import.meta.url)),
  activities: createBaselineActivities(store),
  sinks,
});
process.once('disconnect', () => {
  clearInterval(report);
  // It may be ending already: an interrupt reaches the whole process group.
  if (worker.getState() === 'RUNNING') worker.shutdown();
});
process.send?.({ ready: true });
await worker.run();
await connection.close();
await store.close();
