// Which graph is served: the registry's, exchanged while clients ask; a bad one never; the last one
// while the registry is gone.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { KEY } from './api.mjs';
import { Router, until } from './router.mjs';
import { ALL, EVERYTHING, World } from './world.mjs';

let world;
before(async () => (world = await World.start()));
after(() => world.stop());

/** Asks without pause while something happens; answers how often each graph answered. */
async function underLoad(happens) {
  const answered = new Map();
  let over = false;
  const clients = Array.from({ length: 8 }, async () => {
    while (!over) {
      const { status, data, errors, headers } = await world.router.ask(ALL);
      assert.equal(status, 200);
      assert.equal(errors, undefined, JSON.stringify(errors));
      assert.deepEqual(data.communes, EVERYTHING);
      const number = headers.get('camket-supergraph');
      answered.set(number, (answered.get(number) ?? 0) + 1);
    }
  });
  await happens();
  over = true;
  await Promise.all(clients);
  return answered;
}

test('publishing, publishing what cannot be served, and rolling back fail no request', async () => {
  const { api, telecom, bank, router } = world;
  const [first, good] = [String(api.number), api.supergraph];
  let [second, last] = [];

  const answered = await underLoad(async () => {
    second = String(
      api.compose([
        telecom,
        { ...bank, sdl: `${bank.sdl} type VidubankMore { a: Int }`, url: bank.url },
      ]),
    );
    await router.serves(second);
    for (const bad of [
      'type Query {',
      'type Query { a: Int }',
      '',
      good.replaceAll('"api"', '"other"'),
    ]) {
      api.publish(bad);
      const refused = `graph ${api.number} cannot be served`;
      await until(refused, () => router.log.includes(refused));
    }
    last = String(api.publish(good));
    await router.serves(last);
  });

  assert.deepEqual([...answered.keys()].sort(), [first, second, last].sort());
  const total = [...answered.values()].reduce((sum, count) => sum + count);
  assert.ok(total > 20, `${total} requests`);
});

test('a graph is sent once, and asked for with the key', async () => {
  const { api } = world;
  api.forget();
  await until('it was asked for', () => api.requests.length >= 3);

  for (const request of api.requests) {
    assert.equal(request.header('x-hive-cdn-key'), KEY);
    assert.match(request.header('if-none-match'), /^W\/"[0-9a-f]{64}"$/);
  }
});

test('a graph that gets another number with the same text is told by it', async () => {
  const { api, router } = world;

  await router.serves(api.publish(api.supergraph));

  assert.equal(
    (await router.ask('{ __typename }')).headers.get('camket-supergraph'),
    String(api.number),
  );
});

test('a partner that leaves the graph leaves it for clients too', async () => {
  const { api, bank, telecom, router } = world;
  await router.serves(api.compose([bank]));

  const { errors } = await router.ask(ALL);

  assert.match(errors[0].message, /vidutel/);
  await router.serves(api.compose([telecom, bank]));
});

test('while the registry is gone the last graph is served, and at a start as well', async () => {
  const { api, router } = world;
  const number = String(api.number);
  const place = { port: router.port, scratch: router.scratch };
  await api.stop();
  await until('the router notices', () => router.log.includes('what was served stays'));

  const answer = await router.ask('{ vidubankTotal }');
  assert.equal(answer.headers.get('camket-supergraph'), number);
  await router.stop({ keep: true });
  world.router = await world.restart({ ...place, graphless: true });
  const again = await world.router.ask('{ __typename vidubankTotal }');
  await api.start();
  await until(
    'the bank answers',
    async () => !(await world.router.ask('{ vidubankTotal }')).errors,
  );

  assert.equal(again.headers.get('camket-supergraph'), number);
  assert.equal(again.data.__typename, 'Query');
  assert.match(world.router.log, /serving the graph that was kept/);
});

test('a file that keeps no graph is said to be none, and is not served', async () => {
  const { api, router } = world;
  const file = join(router.scratch, 'graph.graphql');
  const place = { port: router.port, scratch: router.scratch };
  const kept = await readFile(file, 'utf8');
  await api.stop();
  await router.stop({ keep: true });
  for (const damaged of [
    kept.slice(0, kept.length / 2),
    kept.replace(/^# registry: .*$/m, ''),
    '',
  ]) {
    await writeFile(file, damaged);
    const bare = await world.restart({ ...place, graphless: true });
    assert.equal(await bare.probe('readiness'), 503);
    assert.match(bare.log, /there is no graph to serve, and none was kept/);
    await bare.stop({ keep: true });
  }
  await api.start();
  world.router = await world.restart(place);
});

test('without any graph it says so, and serves one when there is one', async () => {
  const { api } = world;
  await api.stop();
  const bare = await world.restart({ graphless: true });
  const { status, errors } = await bare.ask('{ __typename }');
  assert.deepEqual(
    [status, errors],
    [
      503,
      [{ message: 'the router has no graph to serve yet', extensions: { code: 'UNAVAILABLE' } }],
    ],
  );
  assert.deepEqual([await bare.probe('health'), await bare.probe('readiness')], [200, 503]);
  assert.match(bare.log, /the registry cannot be reached/);

  await api.start();
  await bare.serves(api.number);
  assert.deepEqual((await bare.ask(ALL)).data.communes, EVERYTHING);
  await bare.stop();
});

test('a key that the registry refuses is said', async () => {
  const bare = await world.restart({ key: 'camket_router_wrong', graphless: true });
  assert.match(bare.log, /the registry refuses the router's key/);
  assert.equal(await bare.probe('readiness'), 503);
  await bare.stop();
});

test('settings that would leave it open do not start', async () => {
  const refused = async (env) => {
    const start = Router.start({ registry: world.api.registry, key: KEY, env });
    const { message } = await start.then(
      (router) => router.stop().then(() => ({ message: 'it started' })),
      (error) => error,
    );
    return message;
  };
  const file = join(world.router.scratch, 'other.yaml');
  await writeFile(file, 'supergraph: { source: plugin }\n');

  assert.match(await refused({ ROUTER_CONFIG_FILE_PATH: undefined }), /has to name router.yaml/);
  assert.match(await refused({ ROUTER_CONFIG_FILE_PATH: file }), /has to enable the plugin camket/);
  assert.match(await refused({ CAMKET_ROUTER_KEY: '' }), /there is no router key/);
  assert.match(
    await refused({ CAMKET_REGISTRY: 'http://127.0.0.1/other' }),
    /no http address that ends with/,
  );
  assert.match(
    await refused({ CAMKET_ALLOWED_HOSTS: '*.partner.vn' }),
    /neither a host's name nor a network/,
  );
});
