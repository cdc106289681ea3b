// A server that is stopped and comes back: what its clients hear, and that they miss nothing.
import assert from 'node:assert/strict';

import * as sse from './graphql-sse.mjs';
import * as ws from './graphql-ws.mjs';
import { NEEDS, next, proof } from './world.mjs';

/** `again` stops the server, starts it on a port and answers its people, whose tokens are new. */
export async function restart(world, again) {
  const closed = [];
  const back = {};
  back.promise = new Promise((resolve) => (back.resolve = resolve));
  const wait = () => back.promise;
  // Who it is, as of the next attempt.
  const telecom = { ...world.telecom };
  const sockets = ws.connect(world, telecom, {
    on: { closed: ({ code, wasClean }) => closed.push([code, wasClean]) },
    retryWait: wait,
  });
  const events = sse.connect(world, telecom, { retry: wait });
  const variables = { after: await world.now() };
  const streams = [sockets, events].map((client) => client.iterate({ query: NEEDS, variables }));

  const before = await world.raise('8');
  const told = await Promise.all(streams.map(next));
  await proof('a server that stops closes sockets with 1012, and the stream of events', async () => {
    variables.after = told[0].needRaised.cursor;
    const people = await again(new URL(world.url).port);
    world.isOf(people);
    Object.assign(telecom, people['telecom-1']);
    assert.deepEqual(told.map((data) => data.needRaised.need.id), [before, before]);
    assert.deepEqual(closed, [[1012, true]]);
  });
  await proof('its clients come back by themselves and go on by cursor', async () => {
    const missed = await world.raise('9');
    back.resolve();
    for (const data of await Promise.all(streams.map(next))) {
      assert.equal(data.needRaised.need.id, missed);
    }
  });
  await sockets.dispose();
  events.dispose();
}
