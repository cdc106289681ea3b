// npm graphql-ws: one answer, many, and what the client does when its socket ends.
import assert from 'node:assert/strict';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

import { answers } from './streams.mjs';
import { NEEDS, WHO, credentials, next, proof } from './world.mjs';

export async function webSocket(world) {
  await answers('graphql-ws', world, connect);
  await resume(world);
  await refuse(world);
}

async function resume(world) {
  await proof('graphql-ws: after a lost socket the client goes on by cursor', async () => {
    let socket;
    let missed;
    const client = connect(world, world.telecom, {
      on: { connected: (opened) => (socket = opened) },
      // It happens while the client is away.
      retryWait: async () => (missed = await world.raise('6')),
    });
    const variables = { after: await world.now() };
    const needs = client.iterate({ query: NEEDS, variables });
    const seen = await world.raise('5');
    const { cursor, need } = (await next(needs)).needRaised;
    assert.equal(need.id, seen);
    // The client sends what it was given once more when it comes back.
    variables.after = cursor;
    socket.terminate();
    assert.equal((await next(needs)).needRaised.need.id, missed);
    const last = await world.raise('7');
    assert.equal((await next(needs)).needRaised.need.id, last);
    await client.dispose();
  });
}

async function refuse(world) {
  await proof('graphql-ws: a bad token is closed with 4403 and the client gives up', async () => {
    const closed = [];
    const nobody = { ...world.telecom, token: 'nobody' };
    const client = connect(world, nobody, {
      on: { closed: ({ code }) => closed.push(code) },
      retryAttempts: 1,
      retryWait: async () => {},
    });
    const failed = await client.iterate({ query: WHO }).next().catch((cause) => cause);
    assert.equal(failed.code, 4403);
    assert.deepEqual(closed, [4403, 4403], 'once, and once more when it was tried again');
  });
}

/** A client of somebody's. */
export function connect(world, person, more = {}) {
  return createClient({
    url: world.socketUrl,
    webSocketImpl: WebSocket,
    connectionParams: () => credentials(person),
    ...more,
  });
}
