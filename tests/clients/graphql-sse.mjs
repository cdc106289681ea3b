// npm graphql-sse, in distinct connections: the same, one response for each operation.
import assert from 'node:assert/strict';
import { createClient } from 'graphql-sse';

import { answers } from './streams.mjs';
import { NEEDS, WHO, credentials, next, proof } from './world.mjs';

export async function serverSentEvents(world) {
  await answers('graphql-sse', world, connect);
  await refuse(world);
  await resume(world);
}

async function refuse(world) {
  const client = connect(world, world.telecom);
  await proof('graphql-sse: what is wrong is told in the stream, which ends', async () => {
    const nobody = connect(world, { ...world.telecom, token: 'nobody' });
    for (const [asks, query, code] of [
      [client, '{ nonsense }', 'GRAPHQL_VALIDATION_FAILED'],
      [nobody, WHO, 'UNAUTHENTICATED'],
    ]) {
      const stream = asks.iterate({ query });
      const { value } = await stream.next();
      assert.equal(value.errors[0].extensions.code, code);
      assert.ok((await stream.next()).done);
    }
  });
  client.dispose();
}

async function resume(world) {
  await proof('graphql-sse: after a lost response the client goes on by cursor', async () => {
    let lose;
    let missed;
    const client = connect(world, world.telecom, {
      fetchFn: async (url, init) => {
        const lost = new AbortController();
        lose = () => lost.abort();
        return fetch(url, { ...init, signal: AbortSignal.any([init.signal, lost.signal]) });
      },
      // It happens while the client is away.
      retry: async () => (missed = await world.raise('6')),
    });
    const variables = { after: await world.now() };
    const needs = client.iterate({ query: NEEDS, variables });
    const seen = await world.raise('5');
    const { cursor, need } = (await next(needs)).needRaised;
    assert.equal(need.id, seen);
    variables.after = cursor;
    lose();
    assert.equal((await next(needs)).needRaised.need.id, missed);
    client.dispose();
  });
}

/** A client of somebody's. */
export function connect(world, person, more = {}) {
  return createClient({ url: world.url, headers: () => credentials(person), ...more });
}
