// What a partner receives, to the byte, whoever asks.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import { KEY } from './api.mjs';
import { ALL, EVERYTHING, World } from './world.mjs';

const ASKERS = {
  public: {},
  rival: { authorization: 'Bearer rival-token', 'camket-party': 'rival' },
  commune: { authorization: 'Bearer commune-token', 'camket-party': 'ubnd-ba-be' },
  coordinator: { authorization: 'Bearer coordinator-token', 'camket-party': 'so-khcn' },
};

/** What a client may send besides, and no partner may see. */
const SECRETS = {
  cookie: 'session=secret-cookie',
  'x-forwarded-for': '203.0.113.99',
  'x-api-key': 'secret-key',
  'accept-language': 'vi-secret',
  'user-agent': 'secret-agent',
  referer: 'https://secret.example/',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  tracestate: 'secret=1',
  baggage: 'secret=2',
  'proxy-authorization': 'Basic c2VjcmV0',
  'camket-router': 'secret-router',
};

let world;
before(async () => (world = await World.start()));
after(() => world.stop());
beforeEach(() => [world.api, world.telecom, world.bank].forEach((one) => one.forget()));

const statementOf = (request) =>
  JSON.parse(Buffer.from(request.header('authorization').slice('Bearer '.length), 'base64url'));

test('a request has six headers, and their values are the same for everybody', async () => {
  for (const asker of Object.values(ASKERS)) {
    const { data } = await world.router.ask(ALL, { headers: { ...SECRETS, ...asker } });
    assert.deepEqual(data.communes, EVERYTHING);
  }

  assert.equal(world.telecom.requests.length, 4);
  for (const { method, url, headers, body } of world.telecom.requests) {
    assert.equal(`${method} ${url}`, 'POST /graphql');
    assert.deepEqual(Object.fromEntries(headers.filter(([name]) => name !== 'authorization')), {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json;q=0.9',
      'user-agent': 'camket-router',
      host: `127.0.0.1:${world.telecom.port}`,
      'content-length': String(Buffer.byteLength(body)),
    });
    assert.equal(headers.length, 6);
    assert.equal(body, world.telecom.requests[0].body);
  }
});

test('a body is the operation and what it is asked with', async () => {
  await world.router.ask(ALL, { headers: ASKERS.coordinator });

  const { query, variables, ...rest } = JSON.parse(world.telecom.requests[0].body);
  assert.deepEqual(rest, {});
  assert.deepEqual(variables, {
    representations: [
      { __typename: 'Commune', id: 'c1', code: '02014' },
      { __typename: 'Commune', id: 'c2', code: '02017' },
    ],
  });
  assert.match(query, /vidutel/);
  assert.doesNotMatch(query, /name\b.*name\b.*vidubank|vidubank/);
});

test('no byte of a client reaches a partner', async () => {
  for (const asker of Object.values(ASKERS)) {
    await world.router.ask(
      `query secretOperation ($secretVariable: String) {
      communes { secretAlias: id vidubank { branches } } communes { name @include(if: true) }
      note: __typename }`,
      {
        headers: { ...SECRETS, ...asker },
        variables: { secretVariable: 'secret-value' },
      },
    );
  }

  for (const bytes of [world.bank.received, world.telecom.received]) {
    for (const secret of ['secret', 'token', 'ubnd', 'so-khcn', '203.0.113', '0af7651916cd', KEY]) {
      assert.ok(!bytes.includes(secret), `${secret} in ${bytes}`);
    }
  }
});

test('who asks differs by the statement alone, and so do partners', async () => {
  for (const asker of Object.values(ASKERS)) await world.router.ask(ALL, { headers: asker });

  for (const partner of [world.telecom, world.bank]) {
    const statements = partner.requests.map(statementOf);
    assert.deepEqual([...new Set(statements.map(({ aud }) => aud))], [partner.name]);
    assert.equal(new Set(statements.map(({ sub }) => sub)).size, 4);
  }
  const subjects = [world.telecom, world.bank].map(({ requests }) => statementOf(requests[0]).sub);
  assert.notEqual(subjects[0], subjects[1]);
});

test('a statement is asked for once per asker and partner in half a minute', async () => {
  const headers = { authorization: 'Bearer busy-token' };
  await Promise.all(Array.from({ length: 20 }, () => world.router.ask(ALL, { headers })));

  const asked = world.api.exchanged.filter((one) => one.includes('busy-token')).sort();
  assert.deepEqual(asked, ['vidubank Bearer busy-token', 'vidutel Bearer busy-token']);
});

test('the exchange is asked with what the client said about itself and nothing else', async () => {
  const headers = { ...SECRETS, authorization: 'Bearer once-token', 'camket-party': 'once' };
  await world.router.ask('{ vidubankTotal }', { headers });

  const [exchange] = world.api.requests.filter(({ url }) => url.endsWith('/statements'));
  assert.deepEqual(Object.fromEntries(exchange.headers), {
    'content-type': 'application/json',
    'camket-router': KEY,
    authorization: 'Bearer once-token',
    'camket-party': 'once',
    host: `127.0.0.1:${world.api.port}`,
    'content-length': '26',
  });
  assert.equal(exchange.body, '{"audiences":["vidubank"]}');
});

test('without a statement no partner is asked, and its fields say why', async () => {
  const refused = await world.router.ask('{ vidubankTotal }', {
    headers: { authorization: 'Bearer bad' },
  });

  assert.deepEqual(refused.data, { vidubankTotal: null });
  assert.deepEqual(refused.errors, [
    {
      message: 'token lạ',
      path: ['vidubankTotal'],
      extensions: { code: 'UNAUTHENTICATED', traceId: 't-2', service: 'vidubank' },
    },
  ]);
  assert.equal(world.bank.received, '');
});

test('while api gives no statements no partner is asked', async () => {
  await world.api.stop();
  const answer = await world.router.ask('{ vidubankTotal }', {
    headers: { authorization: 'Bearer late-token' },
  });
  await world.api.start();

  assert.deepEqual(answer.data, { vidubankTotal: null });
  const [{ path, extensions }] = answer.errors;
  assert.deepEqual([path, extensions.code], [['vidubankTotal'], 'UNAVAILABLE']);
  assert.equal(world.bank.received, '');
});
