// Proves with the clients that partners use that they can be used: each acts against a `camket dev`
// that is started for it, and one that is stopped and comes back. Prints a line for each proof and
// fails with the first that does not hold. The one argument is the `camket` to start.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { started } from '../live/kit.mjs';
import { apollo } from './apollo.mjs';
import { serverSentEvents } from './graphql-sse.mjs';
import { webSocket } from './graphql-ws.mjs';
import { python } from './python.mjs';
import { relay } from './relay.mjs';
import { restart } from './restart.mjs';
import { schema } from './schema.mjs';
import { World } from './world.mjs';

if (!process.argv[2]) {
  throw new Error('usage: node run.mjs path/to/camket');
}
const scratch = await mkdtemp(join(tmpdir(), 'camket-clients-'));
const data = join(scratch, 'data');
let running = await started(data);
try {
  const world = await World.of(running.people);
  await webSocket(world);
  await serverSentEvents(world);
  await apollo(world);
  await schema(world);
  await relay(scratch);
  await python(world, scratch);
  await restart(world, async (port) => {
    await running.stop();
    running = await started(data, port);
    return running.people;
  });
} finally {
  await running.stop();
  await rm(scratch, { recursive: true });
}
