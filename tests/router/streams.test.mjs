// Subscriptions: how clients have them, how `api` is subscribed to, and that what partners say of
// each event goes by the gate as everything else does.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, beforeEach, test } from 'node:test';

import { WebSocket } from 'ws';

import { COMMUNES, KEY } from './api.mjs';
import { until } from './router.mjs';
import { say } from './wire.mjs';
import { EVERYTHING, World } from './world.mjs';

const CHANGES = `subscription { communeChanged {
  id name vidutel { coverage points { name } } vidubank { branches } } }`;

const OFFICER = {
  authorization: 'Bearer officer',
  'camket-party': 'ubnd-ba-be',
  'accept-language': 'vi',
};

let world;
before(async () => (world = await World.start()));
after(() => world.stop());
beforeEach(async () => {
  // Hive Router notices that a client of HTTP is gone when it next says that it is there: 10 s.
  await until('nobody watches', () => !world.api.isWatched);
  for (const one of [world.api, world.telecom, world.bank]) one.forget();
});

/** The next answer of a stream after `api` says that a commune changed. */
async function next(stream, commune) {
  const answer = stream.next();
  await world.api.watched();
  world.api.change(commune);
  return (await answer).value;
}

const WAYS = {
  'Server-Sent Events': (query, headers) => world.router.events(query, headers),
  multipart: (query, headers) => world.router.parts(query, headers),
  'a WebSocket': (query, headers) => world.router.socket(query, headers),
};

for (const [name, way] of Object.entries(WAYS)) {
  test(`events come over ${name}, with what partners say of each`, async () => {
    const stream = way(CHANGES, OFFICER);
    for (const at of [0, 1]) {
      const { data, errors } = await next(stream, COMMUNES[at]);

      assert.equal(errors, undefined, JSON.stringify(errors));
      assert.deepEqual(data.communeChanged, EVERYTHING[at]);
    }
    await stream.return();

    const subscribed = world.api.requests.filter(({ url }) => url === '/graphql');
    assert.equal(subscribed.length, 1);
    assert.deepEqual(
      Object.fromEntries(
        Object.keys({ ...OFFICER, 'camket-router': KEY, 'x-forwarded-for': '' }).map((header) => [
          header,
          subscribed[0].header(header),
        ]),
      ),
      {
        ...OFFICER,
        'camket-router': KEY,
        'x-forwarded-for': name === 'a WebSocket' ? undefined : '127.0.0.1',
      },
    );
    for (const partner of [world.telecom, world.bank]) {
      assert.equal(partner.requests.length, 2);
      for (const { headers } of partner.requests) {
        assert.deepEqual(headers.map(([header]) => header).sort(), [
          'accept',
          'authorization',
          'content-length',
          'content-type',
          'host',
          'user-agent',
        ]);
      }
      assert.ok(!partner.received.includes('officer') && !partner.received.includes('ubnd'));
    }
  });

  test(`api is let go when a client of ${name} goes`, async () => {
    const stream = way(CHANGES, {});
    await next(stream, COMMUNES[0]);

    await stream.return();

    await until('nobody watches', () => !world.api.isWatched);
  });
}

test('a client over a WebSocket cannot say for whom the router asks', async () => {
  const said = { 'x-forwarded-for': '203.0.113.7', 'camket-router': 'forged', cookie: 'a=b' };
  const query = '{ asker { authorization addresses } }';
  const stream = world.router.socket(query, { ...OFFICER, ...said });

  const { value } = await stream.next();
  await stream.return();

  assert.deepEqual(value.data.asker, { authorization: OFFICER.authorization, addresses: null });
  const request = world.api.requests.find(({ url }) => url === '/graphql');
  assert.deepEqual([request.header('camket-router'), request.header('cookie')], [KEY, undefined]);
});

test('a refusal of api is told as it says it', async () => {
  const refused = { message: 'token lạ', extensions: { code: 'UNAUTHENTICATED', traceId: 't-3' } };
  for (const way of Object.values(WAYS)) {
    const { value } = await way('subscription { refusedStream }', {}).next();

    assert.deepEqual(
      [value.data, value.errors.map(({ message, extensions }) => ({ message, extensions }))],
      [null, [refused]],
    );
  }
});

test('a partner that fails costs its own fields of an event', async () => {
  world.telecom.behave((_, response) => response.writeHead(500).end());
  const stream = world.router.events(CHANGES);
  const { data, errors } = await next(stream, COMMUNES[0]);
  await stream.return();
  world.telecom.behave();

  assert.deepEqual(data.communeChanged, { ...EVERYTHING[0], vidutel: null });
  assert.deepEqual(
    errors.map(({ path }) => path),
    [['communeChanged', 'vidutel']],
  );
});

test('when another graph is served a stream ends and says so', async () => {
  const { api, bank, telecom, router } = world;
  const stream = router.events(CHANGES);
  await next(stream, COMMUNES[0]);
  const ending = stream.next();

  await router.serves(api.compose([bank]));

  const { errors } = (await ending).value;
  assert.equal(errors[0].extensions.code, 'SUBSCRIPTION_SCHEMA_RELOAD');
  await router.serves(api.compose([telecom, bank]));
});

const POINT = `subscription { vidutelChanged { id name commune { id name } } }`;

/** A telecom that says these events, one after the other, and then what `end` does. */
function saying(events, end = (response) => response.end()) {
  world.telecom.behave(async (request, response) => {
    if (!request.header('accept').startsWith('text/event-stream')) {
      return world.telecom.properly(request, response);
    }
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    response.write(': there\n\n');
    for (const event of events) response.write(event);
    end(response);
  });
}

const event = (data) => `event: next\ndata: ${JSON.stringify(data)}\n\n`;

const COMMUNE = { __typename: 'Commune', id: 'c2' };

const point = (id, more) => ({
  data: { vidutelChanged: { id, name: 'Chợ', commune: COMMUNE, ...more } },
});

test('events of a partner come by the gate', async () => {
  saying([
    event(point('p2')),
    event(point('p1', { commune: null })),
    'event: complete\ndata: null\n\n',
  ]);

  const all = [];
  for await (const answer of world.router.events(POINT, OFFICER)) all.push(answer);
  world.telecom.behave();

  assert.deepEqual(all, [
    { data: { vidutelChanged: { id: 'p2', name: 'Chợ', commune: { id: 'c2', name: 'Ba Bể' } } } },
    { data: { vidutelChanged: { id: 'p1', name: 'Chợ', commune: null } } },
  ]);
  const [request] = world.telecom.requests;
  const { authorization, ...headers } = Object.fromEntries(request.headers);
  assert.deepEqual(headers, {
    'content-type': 'application/json',
    accept: 'text/event-stream, application/json;q=0.9',
    'user-agent': 'camket-router',
    host: `127.0.0.1:${world.telecom.port}`,
    'content-length': String(Buffer.byteLength(request.body)),
  });
  assert.ok(!Buffer.from(authorization.slice(7), 'base64url').includes('officer'));
});

test('an event of a partner has nothing that was not asked for', async () => {
  const more = { owner: 'Taken over', commune: { ...COMMUNE, name: 'Taken over' } };
  const { data } = point('p2', more);
  saying([event({ data: { ...data, communes: [] }, extensions: { cost: 1 } })]);

  const { value } = await world.router.events(POINT).next();
  world.telecom.behave();

  const commune = { id: 'c2', name: 'Ba Bể' };
  assert.deepEqual(value, { data: { vidutelChanged: { id: 'p2', name: 'Chợ', commune } } });
});

for (const [what, events, end, message] of [
  [
    'breaks off',
    [event(point('p1'))],
    (response) => setTimeout(() => response.destroy(), 200),
    'vidutel broke off',
  ],
  [
    'sends rubbish',
    [event(point('p1')), 'event: next\ndata: rubbish\n\n'],
    undefined,
    'vidutel sent an event that cannot be read',
  ],
  [
    'sends an event without end',
    [event(point('p1')), `data: ${'x'.repeat(9_000_000)}`],
    undefined,
    'vidutel sent an event longer than is allowed',
  ],
]) {
  test(`a stream of a partner that ${what} ends and says so`, async () => {
    saying(events, end);
    const all = [];
    for await (const answer of world.router.events(POINT)) all.push(answer);
    world.telecom.behave();

    assert.equal(all.length, 2, JSON.stringify(all));
    assert.equal(all[0].data.vidutelChanged.id, 'p1');
    assert.deepEqual(all[1], {
      data: { vidutelChanged: null },
      errors: [
        {
          message,
          path: ['vidutelChanged'],
          extensions: { code: 'UNAVAILABLE', ...all[1].errors[0].extensions },
        },
      ],
    });
  });
}

test('a partner that sends no events says why', async () => {
  world.telecom.behave((_, response) => say(response, { errors: [{ message: 'not today' }] }, 403));
  const all = [];
  for await (const answer of world.router.events(POINT)) all.push(answer);
  world.telecom.behave();

  assert.deepEqual(
    [all.length, all[0].data, all[0].errors[0].message],
    [1, { vidutelChanged: null }, 'not today'],
  );
});

test('a partner is let go when its watcher goes', async () => {
  let closed = false;
  saying([event(point('p1'))], (response) => response.on('close', () => (closed = true)));
  const stream = world.router.socket(POINT, {});
  await stream.next();

  await stream.return();

  await until('the telecom is let go', () => closed);
  world.telecom.behave();
});

test('a message that is nothing but brackets ends no more than its own socket', async () => {
  const query = '{ asker { party } }';
  for (const open of ['['.repeat(65_000), `${'['.repeat(32_000)}${']'.repeat(32_000)}`]) {
    const socket = new WebSocket(world.router.url.replace('http', 'ws'), 'graphql-transport-ws');
    await once(socket, 'open');
    const gone = once(socket, 'close');
    socket.send(`{"type":"connection_init","payload":{"a":${open}}}`);
    await Promise.race([gone, once(socket, 'message')]);
    socket.terminate();
  }

  for (let at = 0; at < 10; at += 1) {
    assert.deepEqual((await world.router.ask(query)).data, { asker: { party: null } });
  }
});
