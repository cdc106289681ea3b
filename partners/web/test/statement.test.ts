import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exportJWK, type JWTPayload } from 'jose';
import { claims, head, province, sign } from './kit.js';

test('nothing is answered without a statement', async (t) => {
  const { send, address, asked, end } = await province();
  t.after(end);
  const questions = [
    '{ __typename }',
    '{ _service { sdl } }',
    '{ __schema { types { name } } }',
    '{ _entities(representations: []) { __typename } }',
    'no question at all',
  ];

  for (const query of questions) {
    const answer = await send(JSON.stringify({ query }));
    assert.equal(answer.status, 401, query);
    const { data, errors } = await answer.json();
    assert.equal(data, undefined);
    assert.equal(errors[0].extensions.code, 'UNAUTHENTICATED');
  }
  for (const path of ['/graphql?query={__typename}', '/']) {
    assert.equal((await fetch(address + path)).status, 401, path);
  }
  assert.equal(asked(), 0);
});

test('whether it lives is no secret', async (t) => {
  const { address, end } = await province();
  t.after(end);

  assert.equal((await fetch(`${address}/livez`)).status, 200);
});

test("a statement of the province is taken, from the registry's probe too", async (t) => {
  const { keys, statement, status, end } = await province();
  t.after(end);
  const probe = await sign(head('first'), { ...claims(), kind: 'PROBE' }, keys.first.privateKey);

  assert.equal(await status(await statement()), 200);
  assert.equal(await status(probe), 200);
});

test('other statements are refused', async (t) => {
  const { keys, statement, send, status, end } = await province();
  t.after(end);
  const secret = keys.first.privateKey;
  const now = claims().iat as number;
  const changed = (change: JWTPayload) => sign(head('first'), { ...claims(), ...change }, secret);
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const point = Buffer.from((await exportJWK(keys.first.publicKey)).x as string, 'base64url');
  const good = await statement();
  const [first, , third] = good.split('.');
  const critical = { ...head('first'), crit: ['unheard-of'], 'unheard-of': 1 };

  const bad: [string, string][] = [
    ['for another partner', await changed({ aud: 'vidukhac' })],
    ['for a prefix of our prefix', await changed({ aud: 'vidu' })],
    ['for nobody', await changed({ aud: undefined })],
    ['past its time', await changed({ exp: now - 30 })],
    ['without an end', await changed({ exp: undefined })],
    ['of another issuer', await changed({ iss: 'http://elsewhere.test' })],
    ['of nobody', await changed({ iss: undefined })],
    ['of another type', await sign({ ...head('first'), typ: 'JWT' }, claims(), secret)],
    ['with a critical header', await sign(critical, claims(), secret)],
    ['with an unknown key', await sign(head('second'), claims(), keys.second.privateKey)],
    ['with another key under our name', await sign(head('first'), claims(), keys.second.privateKey)],
    ['not signed', `${part({ ...head('first'), alg: 'none' })}.${part(claims())}.`],
    [
      'signed with the public key as a secret',
      await sign({ ...head('first'), alg: 'HS256' }, claims(), point),
    ],
    ['with a changed claim', `${first}.${part({ ...claims(), own: true })}.${third}`],
    ['cut short', good.slice(0, 40)],
    ['empty', ''],
  ];

  for (const [what, token] of bad) assert.equal(await status(token), 401, what);
  assert.equal((await send('{"query":"{ __typename }"}', `Basic ${good}`)).status, 401);
  assert.equal(await status(good), 200);
});

test('the registry is asked once in ten seconds, whatever comes', async (t) => {
  const { keys, statement, status, publish, asked, end } = await province();
  t.after(end);
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const unknown = await sign(head('second'), claims(), keys.second.privateKey);

  assert.equal(await status(await statement()), 200);
  await publish();
  for (let time = 0; time < 20; time += 1) assert.equal(await status(unknown), 401);
  assert.equal(asked(), 1);

  t.mock.timers.tick(10_000);
  assert.equal(await status(unknown), 200);
  assert.equal(await status(await statement()), 200);
  assert.equal(asked(), 2);
});

test('a registry that fails is asked no more often', async (t) => {
  const { statement, status, fail, asked, end } = await province();
  t.after(end);
  fail();

  for (let time = 0; time < 5; time += 1) assert.equal(await status(await statement()), 401);

  assert.equal(asked(), 1);
});

test('what is known is known without the registry', async (t) => {
  const { keys, statement, status, goAway, end } = await province();
  t.after(end);
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  assert.equal(await status(await statement()), 200);

  await goAway();
  t.mock.timers.tick(10_000);

  const unknown = await sign(head('second'), claims(), keys.second.privateKey);
  assert.equal(await status(unknown), 401);
  assert.equal(await status(await statement()), 200);
});
