// The graph of several owners as it really runs: `api`, the example partners and the router, each a
// process of its own. What is said here of partners and routers was made up nowhere.
import assert from 'node:assert/strict';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { started } from '../live/kit.mjs';
import { written } from '../router/plans.mjs';
import { Router, until } from '../router/router.mjs';
import { Server, say } from '../router/wire.mjs';
import { Federation, PARTNERS, headersOf, schemaOf, shown } from './world.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Across all of them. */
const ACROSS = `query Across {
  places(first: 3, filter: { code: { in: ["01912", "02014", "02071"] }, level: { eq: COMMUNE } }) {
    nodes { code name validFrom
      ... on Commune {
        vidutel { percent4G wifiPoints(first: 2) { name } }
        vidubank { acceptancePointCount turnover }
        viduweb { address visits }
      } } } }`;

/** The claims of a statement, unverified. */
const claims = (request) => {
  const [, jwt] = request.header('authorization').split(' ');
  return JSON.parse(Buffer.from(jwt.split('.')[1], 'base64url'));
};

/** Stands before a partner and keeps what it receives. */
class Tap extends Server {
  constructor(partner) {
    super(async ({ headers, body }, response) => {
      const passed = headers.filter(([name]) => !['host', 'content-length'].includes(name));
      const answer = await fetch(partner(), {
        method: 'POST',
        headers: Object.fromEntries(passed),
        body,
      });
      say(response, await answer.text(), answer.status);
    });
  }
}

let world;
let tap;
before(async () => {
  world = await Federation.start('vidutel', 'vidubank', 'viduweb');
  tap = await new Tap(() => `http://127.0.0.1:${world.behind}/graphql`).start();
  world.behind = world.running.vidutel.port;
  world.running.vidutel.url = tap.url;
  for (const prefix of Object.keys(PARTNERS)) await world.join(prefix);
  await world.route({ plans: true });
  tap.forget();
});
after(async () => {
  await world?.stop();
  await tap?.stop();
});

test('one query is answered by four owners', async () => {
  const { data, errors } = await world.router.ask(ACROSS);
  assert.equal(errors, undefined);
  assert.equal(data.places.nodes.length, 3);
  for (const { vidutel, vidubank, viduweb } of data.places.nodes) {
    assert.equal(typeof vidutel.percent4G, 'number');
    assert.equal(typeof viduweb.visits, 'number');
    assert.equal(vidubank.turnover, null);
  }
});

test('an official code that was used again has the figures of its own time', async () => {
  const query = `{ then: place(by: { code: { code: "01912", asOf: "2024-05-15" } }) { ...F }
    now: place(by: { code: { code: "01912" } }) { ...F } }
    fragment F on Place { name ... on Commune { vidutel { percent4G } } }`;
  const { data } = await world.router.ask(query);
  assert.notEqual(data.then.name, data.now.name);
  assert.notDeepEqual(data.then.vidutel, data.now.vidutel);
});

test('everybody is answered through the router what api answers them itself', async () => {
  const names = (await readdir(here('../../docs/operations'))).filter((n) => n.endsWith('.graphql'));
  let compared = 0;
  for (const name of names) {
    const query = await readFile(here(`../../docs/operations/${name}`), 'utf8');
    const { variables } = JSON.parse(
      await readFile(here(`../../docs/operations/${name.replace('.graphql', '.json')}`), 'utf8'),
    );
    const isPlain = !JSON.stringify(variables).includes('@') && !JSON.stringify(variables).includes('…');
    if (!/^query /m.test(query) || !isPlain) continue;
    for (const headers of [{}, ...Object.values(world.people).map(headersOf)]) {
      const body = JSON.stringify({ query, variables });
      const sent = { 'content-type': 'application/json', ...headers };
      const direct = await (await fetch(world.api.url, { method: 'POST', headers: sent, body })).json();
      const routed = await world.router.ask(query, { variables, headers });
      assert.deepEqual(shown(routed.data), shown(direct.data), `${name} ${headers['camket-party']}`);
      assert.equal(Boolean(routed.errors), Boolean(direct.errors), `${name} ${headers['camket-party']}`);
      compared += 1;
    }
  }
  assert.ok(compared >= 60, `${compared} answers were compared`);
});

test('an anonymous client gets nothing that is protected, and no reference finds it', async () => {
  const { coordinator } = world.people;
  const { members, operations } = await coordinator.ask(
    `{ members(first: 3) { nodes { id } } operations(first: 1) { totalCount } }`,
  );
  assert.ok(members.nodes.length > 0 && operations);
  const protectedOnes = `{ members(first: 3) { nodes { id } totalCount } subgraphs(first: 3) { totalCount }
    apiTokens(first: 3) { totalCount } viewer { party { code } member { id } } }`;
  const { data } = await world.router.ask(protectedOnes);
  for (const list of ['members', 'subgraphs', 'apiTokens']) {
    if (data?.[list]) assert.equal(data[list].totalCount, 0, list);
  }
  assert.equal(data?.viewer?.party ?? null, null);
  const [{ id }] = members.nodes;
  const reference = await world.router.ask('query ($id: ID!) { node(id: $id) { id } }', {
    variables: { id },
  });
  assert.equal(reference.data.node, null);
  // Nor does whoever asks for entities without a router, which is open in the demonstration alone.
  const entities = `{ _entities(representations: [{ __typename: "Member", id: "${id}" }]) { __typename } }`;
  const stranger = await fetch(world.api.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: entities }),
  });
  const answer = await stranger.json();
  assert.deepEqual(answer.data, { _entities: [null] });
  assert.equal((await world.router.ask(entities)).data ?? null, null);
  assert.equal((await world.router.ask('{ _service { sdl } }')).data ?? null, null);
});

test('a partner receives the same from everybody, but for the statement', async () => {
  const askers = [undefined, ...['telecom-2', 'officer', 'coordinator', 'telecom-1'].map((who) => world.people[who])];
  tap.forget();
  for (const asker of askers) {
    const headers = asker ? headersOf(asker) : {};
    const { errors } = await world.router.ask(ACROSS, { headers: { ...headers, cookie: 'a=b' } });
    assert.equal(errors, undefined);
  }
  assert.equal(tap.requests.length, askers.length);
  const [first] = tap.requests;
  for (const { headers, body } of tap.requests) {
    assert.equal(body, first.body);
    assert.deepEqual(
      headers.filter(([name]) => name !== 'authorization'),
      first.headers.filter(([name]) => name !== 'authorization'),
    );
  }
  for (const asker of askers.filter(Boolean)) {
    assert.ok(!tap.received.includes(asker.token));
    assert.ok(!tap.received.includes(asker.party) || asker.party === PARTNERS.vidutel.party);
  }
  const said = tap.requests.map(claims);
  assert.deepEqual([...new Set(said.flatMap(Object.keys))].sort(), [
    'aud', 'exp', 'iat', 'iss', 'jti', 'kind', 'own', 'sub',
  ]);
  assert.deepEqual(said.map(({ kind }) => kind), [
    'PUBLIC', 'TELECOM_COMPANY', 'COMMUNE_AUTHORITY', 'DEPARTMENT', 'TELECOM_COMPANY',
  ]);
  assert.deepEqual(said.map(({ own }) => own), [false, false, false, false, true]);
  assert.equal(new Set(said.map(({ sub }) => sub)).size, askers.length);
});

test('a statement is good at its own partner and nowhere else', async () => {
  tap.forget();
  await world.router.ask(ACROSS, { headers: headersOf(world.people.coordinator) });
  const authorization = tap.requests[0].header('authorization');
  const ask = (url, query = '{ __typename }') =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify({ query }),
    });
  assert.equal((await ask(tap.url)).status, 200);
  for (const prefix of ['vidubank', 'viduweb']) {
    assert.equal((await ask(world.running[prefix].url)).status, 401, prefix);
  }
  const atApi = await (await ask(world.api.url)).json();
  assert.equal(atApi.errors[0].extensions.code, 'UNAUTHENTICATED');
  const exchanged = await fetch(`${world.registry}/statements`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'camket-router': world.api.routerKey,
      authorization,
    },
    body: '{"audiences":["vidubank"]}',
  });
  assert.equal(exchanged.status, 401);
});

test('a bad publication changes nothing, a good one and going back cost no request', async () => {
  const sdl = await schemaOf('vidubank');
  const wider = sdl.replace('"Number of shops where', '"Counted (đã đếm)."\n  counted: Int\n  "Number of shops where');
  assert.notEqual(wider, sdl);
  const before = await world.number();
  let [asked, failed, over] = [0, [], false];
  const load = Array.from({ length: 4 }, async () => {
    while (!over) {
      // The graph that is gone back to had no viduweb yet.
      const { data, errors, status } = await world.router.ask(ACROSS.replace(/viduweb .*\}/, ''));
      asked += 1;
      if (status !== 200 || errors || data.places.nodes.length !== 3) failed.push({ status, errors });
    }
  });
  try {
    const bad = await world.publish('vidubank', { sdl: sdl.replace('type VidubankCommune', 'type Bankish') });
    assert.equal(bad.userErrors[0].code, 'SUBGRAPH_REFUSED');
    assert.equal(await world.number(), before);
    // What the endpoint does not answer is not published either.
    const untrue = await world.publish('vidubank', { sdl: wider });
    assert.deepEqual(untrue.check.problems.map(({ code }) => code), ['PROBE_SDL_DIFFERS']);
    const again = await world.publish('vidubank');
    assert.deepEqual(again.userErrors.map(({ code }) => code), ['NO_CHANGE']);
    const { supergraphs } = await world.people.coordinator.ask(
      '{ supergraphs(first: 20) { nodes { number } } }',
    );
    const numbers = supergraphs.nodes.map(({ number }) => number);
    const current = Math.max(...numbers);
    for (const number of [current - 1, current]) {
      const expectedNumber = await world.number();
      await world.people.coordinator.act('rollBackSupergraph', 'supergraph { number }', {
        number,
        expectedNumber,
        idempotencyKey: crypto.randomUUID(),
      });
      assert.equal(await world.number(), expectedNumber + 1);
      await world.router.serves(expectedNumber + 1);
    }
  } finally {
    over = true;
    await Promise.all(load);
  }
  assert.deepEqual(failed, []);
  assert.ok(asked > 20, `${asked} requests`);
});

test('a partner that is gone costs its own fields, and is asked again when it is back', async () => {
  await world.end('vidubank');
  const { data, errors } = await world.router.ask(ACROSS);
  assert.equal(data.places.nodes.length, 3);
  for (const { vidutel, vidubank } of data.places.nodes) {
    assert.ok(vidutel);
    assert.equal(vidubank, null);
  }
  assert.deepEqual([...new Set(errors.map(({ path }) => path.at(-1)))], ['vidubank']);
  await world.run('vidubank', world.running.vidubank.port);
});

test('what cannot be planned is said, and nobody else notices', async () => {
  // A branch knows its commune by its code, the telecom communes by their ids alone.
  const query = '{ vidubankBranches { name commune { name vidutel { percent4G } } } }';
  for (const asker of [undefined, world.people.coordinator]) {
    const headers = asker ? headersOf(asker) : {};
    const { data, errors } = await world.router.ask(query, { headers });
    assert.equal(data ?? null, null);
    assert.deepEqual(errors.map(({ extensions }) => extensions.code), ['QUERY_PLAN_BUILD_FAILED']);
  }
  const apart = await world.router.ask(query.replace('vidutel { percent4G }', 'id'));
  assert.equal(apart.errors, undefined);
  const [{ commune }] = apart.data.vidubankBranches;
  const asked = await world.router.ask(
    'query ($id: ID!) { node(id: $id) { ... on Commune { vidutel { percent4G } } } }',
    { variables: { id: commune.id } },
  );
  assert.equal(asked.errors, undefined);
});

test('plans of named operations are as they were looked at', async () => {
  const file = here('plans.txt');
  const names = [
    'Board', 'ChangeFeed', 'Disputes', 'LateCommitments', 'MyNotes', 'OpenNeeds', 'WhoAmI', 'WorkQueue',
  ];
  const [texts, sent] = [{ Across: ACROSS }, {}];
  for (const name of names) {
    texts[name] = await readFile(here(`../../docs/operations/${name}.graphql`), 'utf8');
    const documented = await readFile(here(`../../docs/operations/${name}.json`), 'utf8');
    sent[name] = JSON.parse(documented).variables;
  }
  texts.Outages = 'query Outages { vidutelOutages { communeCode effect } vidubankBranches { name } }';
  texts.OwnParty = `query OwnParty { party(by: { code: "VT-MAU-1" }) { name ... on TelecomCompany { vidutel { shops } } } }`;
  texts.Branches = 'query Branches { vidubankBranches { name commune { name vidubank { turnover } } } }';
  const plans = [];
  for (const [name, query] of Object.entries(texts)) {
    const plan = written(await world.router.plan(query, sent[name] ?? {}));
    plans.push(`${name}\n\n${plan.replace(/^/gm, '    ')}\n`);
  }
  const text = plans.join('\n');
  if (process.env.UPDATE_PLANS) await writeFile(file, text);
  assert.equal(text, await readFile(file, 'utf8'), 'UPDATE_PLANS=1 writes them anew; read the difference');
});

test('while the registry is down what was served stays, and a router starts with what was kept', async () => {
  const { router, registry, api } = world;
  const number = await world.number();
  const answers = async (one) => {
    const { status, data, headers } = await one.ask('{ __typename }');
    return [status, data?.__typename, headers.get('camket-supergraph')];
  };
  const served = [200, 'Query', String(number)];
  await router.stop({ keep: true });
  const key = await world.routerKey('lasting');
  const again = { registry, key, port: router.port, scratch: router.scratch };
  world.router = await Router.start(again);
  await world.router.serves(number);
  const port = Number(new URL(api.url).port);
  await api.stop();

  // Longer than it takes to ask the registry again.
  await until('the router notices', () => world.router.log.includes('what was served stays'));
  assert.deepEqual(await answers(world.router), served);
  const { data, errors } = await world.router.ask(ACROSS);
  assert.equal(data ?? null, null);
  assert.deepEqual(errors.map(({ extensions }) => extensions.code), ['UNAVAILABLE']);
  await world.router.stop({ keep: true });
  world.router = await Router.start(again);
  assert.deepEqual(await answers(world.router), served);
  assert.match(world.router.log, /serving the graph that was kept/);

  const empty = await Router.start({ registry, key });
  try {
    const refused = await empty.ask('{ __typename }');
    assert.deepEqual([refused.status, refused.errors[0].extensions.code], [503, 'UNAVAILABLE']);
    assert.equal(await empty.probe('readiness'), 503);
    assert.match(empty.log, /there is no graph to serve, and none was kept/);

    world.api = await started(world.data, port);
    for (const one of [world.router, empty]) {
      await one.serves(number);
      const back = await one.ask(ACROSS);
      assert.equal(back.errors, undefined);
      assert.equal(back.data.places.nodes.length, 3);
    }
  } finally {
    await empty.stop();
  }
});
