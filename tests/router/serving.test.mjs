// What clients get through the router, and what of Hive Router they do not get.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { KEY } from './api.mjs';
import { ALL, EVERYTHING, World } from './world.mjs';

let world;
before(async () => (world = await World.start()));
after(() => world.stop());

/** The code of the one error with which something is refused. */
async function refusal(query, options) {
  const answer = await world.router.ask(query, options);
  assert.equal(answer.data ?? null, null);
  return answer.errors[0].extensions.code;
}

test('one query is answered by three subgraphs', async () => {
  const answer = await world.router.ask(ALL);

  assert.equal(answer.errors, undefined, JSON.stringify(answer.errors));
  assert.deepEqual(answer.data.communes, EVERYTHING);
  assert.equal(answer.headers.get('camket-supergraph'), '1');
});

test('api is told who asks, for whom, and by which router', async () => {
  world.api.forget();
  const headers = {
    authorization: 'Bearer officer',
    'camket-party': 'ubnd-ba-be',
    'accept-language': 'vi',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    'x-forwarded-for': '203.0.113.7',
    'camket-router': 'forged',
    cookie: 'a=b',
    'x-other': '1',
  };
  const { data } = await world.router.ask(
    '{ asker { authorization party language trace addresses } }',
    { headers },
  );

  assert.deepEqual(data.asker, {
    authorization: 'Bearer officer',
    party: 'ubnd-ba-be',
    language: 'vi',
    trace: headers.traceparent,
    addresses: '203.0.113.7, 127.0.0.1',
  });
  const request = world.api.requests.find(({ url }) => url === '/graphql');
  assert.equal(request.header('camket-router'), KEY);
  assert.deepEqual(request.headers.map(([name]) => name).sort(), [
    'accept-language',
    'authorization',
    'camket-party',
    'camket-router',
    'connection',
    'content-length',
    'content-type',
    'host',
    'traceparent',
    'x-forwarded-for',
  ]);
});

test('what api says of an error is not masked', async () => {
  const { errors } = await world.router.ask('{ refused }');

  const [{ message, path, extensions }] = errors;
  assert.equal(message, 'không được phép');
  assert.deepEqual(path, ['refused']);
  assert.deepEqual(extensions, {
    code: 'FORBIDDEN',
    traceId: 't-1',
    reason: 'r-1',
    service: 'api',
  });
});

test('a client that api refuses is told so once', async () => {
  const answer = await world.router.ask('{ asker { party } }', {
    headers: { authorization: 'Bearer bad' },
  });

  assert.deepEqual(answer.data, { asker: null });
  assert.deepEqual(answer.errors, [
    {
      message: 'token lạ',
      extensions: { code: 'UNAUTHENTICATED', traceId: 't-2', service: 'api' },
    },
  ]);
});

test('a client that has to wait is told how long', async () => {
  const answer = await world.router.ask('{ asker { party } }', {
    headers: { authorization: 'Bearer busy' },
  });

  assert.equal(answer.headers.get('retry-after'), '7');
  assert.deepEqual(
    answer.errors.map(({ extensions }) => extensions.code),
    ['RATE_LIMITED'],
  );
});

test('mutations reach their owners', async () => {
  const { data } = await world.router.ask('mutation { note(text: "a") vidutelReport(text: "b") }');

  assert.deepEqual(data, { note: 'a', vidutelReport: 'b' });
});

test('the graph is not told, and its plans are not shown', async () => {
  for (const query of ['{ __schema { types { name } } }', '{ __type(name: "Commune") { name } }']) {
    assert.equal(await refusal(query), 'INTROSPECTION_DISABLED');
  }
  const { data, extensions } = await world.router.ask('{ __typename }', {
    headers: { 'hive-expose-query-plan': 'true' },
  });
  assert.deepEqual([data.__typename, extensions], ['Query', undefined]);
});

test('there are no pages', async () => {
  for (const path of [
    '/',
    '/graphql',
    '/graphiql',
    '/laboratory',
    '/graphql/x',
    '/metrics',
    '/callback',
  ]) {
    const answer = await fetch(`http://127.0.0.1:${world.router.port}${path}`, {
      headers: { accept: 'text/html' },
    });
    assert.ok(answer.status >= 400, `${path}: ${answer.status}`);
    assert.ok(!(await answer.text()).includes('<'), path);
  }
});

test('a page of a partner may ask, and no other', async () => {
  const router = await world.restart({ env: { CAMKET_ORIGINS: 'https://portal.example.vn' } });
  const preflight = async (origin) => {
    const headers = { origin, 'access-control-request-method': 'POST' };
    const { headers: answer } = await fetch(router.url, { method: 'OPTIONS', headers });
    return ['origin', 'headers'].map((name) => answer.get(`access-control-allow-${name}`));
  };

  const [partner, other] = [
    await preflight('https://portal.example.vn'),
    await preflight('https://evil.example'),
  ];
  await router.stop();

  assert.equal(partner[0], 'https://portal.example.vn');
  assert.match(partner[1], /authorization.*content-type/);
  assert.deepEqual(other, ['null', null]);
});

test('a page of another origin cannot make a browser ask', async () => {
  const { status } = await fetch(world.router.url, {
    method: 'POST',
    headers: { 'content-type': 'text/plain', origin: 'https://evil.example' },
    body: '{"query":"{ __typename }"}',
  });
  assert.equal(status, 415);
});

test('an operation has the limits that it has at api', async () => {
  const many = (count, text) =>
    `{ communes { ${Array.from({ length: count }, (_, at) => text(at)).join(' ')} } }`;
  const below = ['vidutelPoints', 'commune', 'vidutel', 'points'];
  const deep = (depth) => {
    const fields = Array.from({ length: depth - 1 }, (_, at) => below[at && 1 + ((at - 1) % 3)]);
    return `{ ${fields.map((field) => `${field} { `).join('')} __typename ${' }'.repeat(depth)}`;
  };
  const doubled = (levels) => {
    const fragment = (at) => `fragment F${at} on Commune { ...F${at + 1} ...F${at + 1} }`;
    const fragments = Array.from({ length: levels }, (_, at) => fragment(at)).join(' ');
    return `{ communes { ...F0 } } ${fragments} fragment F${levels} on Commune { id }`;
  };
  for (const [code, within, over] of [
    ['MAX_DEPTH_EXCEEDED', deep(20), deep(21)],
    ['MAX_ALIASES_EXCEEDED', many(200, (at) => `a${at}: id`), many(201, (at) => `a${at}: id`)],
    [
      'MAX_DIRECTIVES_EXCEEDED',
      many(50, () => 'id @skip(if: false)'),
      many(51, () => 'id @skip(if: false)'),
    ],
    ['TOKEN_LIMIT_EXCEEDED', many(3900, () => 'id'), many(5997, () => 'id')],
    ['COST_LIMIT', doubled(11), doubled(12)],
    ['COST_LIMIT', '{ a: __typename }', doubled(100)],
    ['COST_LIMIT', `{ ${'__typename '.repeat(25)} }`, `{ ${'__typename '.repeat(26)} }`],
    [
      'COST_LIMIT',
      `{ communes ${'{ ... '.repeat(38)} { id ${'}'.repeat(40)}`,
      `{${'a{'.repeat(2000)}`,
    ],
    [
      'COST_LIMIT',
      '{ a: __typename }',
      `query ($a: ${'['.repeat(2900)}Int${']'.repeat(2900)}) { __typename }`,
    ],
    ['COST_LIMIT', '{ a: __typename }', '{ communes(a: "'],
  ]) {
    const { errors } = await world.router.ask(within);
    assert.equal(errors, undefined, `${within.slice(0, 80)}: ${JSON.stringify(errors)}`);
    assert.equal(await refusal(over), code, over.slice(0, 80));
  }
});

test('what nests too deep is refused before it is read', async () => {
  const nested = (levels) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
  const post = async (body) => {
    const headers = { 'content-type': 'application/json' };
    return (await fetch(world.router.url, { method: 'POST', headers, body })).json();
  };
  const get = async (part) => {
    const query = `?query=${encodeURIComponent('{ __typename }')}&${part}`;
    const headers = { accept: 'application/json', 'content-type': 'application/json' };
    return (await fetch(world.router.url + query, { headers })).json();
  };
  const body = (levels) => `{"query":"{ __typename }","variables":{"a":${nested(levels)}}}`;

  assert.equal((await post(body(60))).errors, undefined);
  assert.equal((await get(`variables={"a":${nested(60)}}`)).errors, undefined);
  for (const answer of [
    await post(body(500_000)),
    await post(nested(500_000)),
    await post(`{"query":"{ __typename }","extensions":{"a":${nested(1000)}}}`),
    await get(`variables={"a":${nested(1000)}}`),
    await get(`extensions=${encodeURIComponent(`{"a":${nested(1000)}}`)}`),
  ]) {
    assert.equal(answer.errors[0].extensions.code, 'COST_LIMIT', JSON.stringify(answer));
  }
});

test('a body has the size that it may have at api', async () => {
  const ask = (bytes) =>
    fetch(world.router.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ __typename }', variables: { a: 'x'.repeat(bytes) } }),
    });

  assert.equal((await ask(1_000_000)).status, 200);
  assert.equal((await ask(1_100_000)).status, 413);
});

test('while api is gone it is said in our codes, without its address', async () => {
  await world.api.stop();
  const { data, errors } = await world.router.ask(
    '{ communes { id } asker { party } vidubankTotal }',
  );
  await world.api.start();

  assert.equal(data, null);
  const [{ message, extensions }] = errors.filter(
    ({ extensions: { service } }) => service === 'api',
  );
  assert.deepEqual(
    [message, extensions],
    ['api cannot be reached', { code: 'UNAVAILABLE', service: 'api' }],
  );
  assert.ok(!JSON.stringify(errors).includes('127.0.0.1'));
});
