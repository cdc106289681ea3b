// Permission does not rest on the router: with its own authorization directives off, on, and on
// without the @link that makes them count, nobody gets through it what `api` does not tell them.
import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { authorized } from '../router/authorized.mjs';
import { Router } from '../router/router.mjs';
import { Server, say } from '../router/wire.mjs';
import { Federation, headersOf, schemaOf, shown } from './world.mjs';

const SCOPED = '@requiresScopes(scopes: [["office"]])';

/** What the router is told to protect, in addition to `api`. */
const RULES = {
  'Query.members': '@authenticated',
  'Query.apiTokens': SCOPED,
  'Query.subgraphs': SCOPED,
  'Viewer.party': '@authenticated',
  'Viewer.member': '@authenticated',
  'Viewer.memberships': '@authenticated',
  'Viewer.workQueue': SCOPED,
};

/** What is for signed-in people alone. */
const PROTECTED = [
  '{ members(first: 3) { nodes { id } totalCount } }',
  '{ apiTokens(first: 3) { nodes { id } totalCount } }',
  '{ subgraphs(first: 3) { nodes { name } totalCount } }',
  '{ viewer { party { code } } }',
  '{ viewer { member { id } } }',
  '{ viewer { memberships { party { code } } } }',
  `{ viewer { workQueue { toAccept(first: 3) { totalCount nodes { id } }
      toVerify(first: 3) { totalCount nodes { id } } } } }`,
];

const PRIVATE = `query ($id: ID!) { commitment(by: { id: $id }) { id quantity giver { code } }
  node(id: $id) { __typename id } }`;

/** What everybody may know, and one partner says. */
const PUBLIC = `{ viewer { today } places(first: 2, filter: { code: { in: ["02014"] } }) {
  nodes { name ... on Commune { vidutel { percent4G } } } } }`;

let world;
let proxy;
let scratch;
let hidden;
/** How the proxy rewrites a graph. */
let rewrite;
const { publicKey, privateKey } = generateKeyPairSync('ed25519');

before(async () => {
  world = await Federation.start('vidutel');
  await world.join('vidutel');
  proxy = await new Server(pass).start();
  scratch = await mkdtemp(join(tmpdir(), 'camket-permission-'));
  const key = { ...publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'EdDSA', use: 'sig' };
  await writeFile(join(scratch, 'jwks.json'), JSON.stringify({ keys: [key] }));
  const all = '{ commitments(first: 100) { nodes { id } } }';
  const known = new Set((await direct(all, {})).data.commitments.nodes.map(({ id }) => id));
  const { commitments } = await world.people.coordinator.ask(all);
  hidden = commitments.nodes.map(({ id }) => id).find((id) => !known.has(id));
  assert.ok(hidden, 'the demonstration has a commitment that is not public');
});
after(async () => {
  await world?.stop();
  await proxy?.stop();
  await rm(scratch, { recursive: true, force: true });
});

/** Passes a request on to `api`, and what it answers back; a graph is rewritten on the way. */
async function pass({ method, url, headers, body }, response) {
  const left = ['host', 'content-length', 'connection'];
  const answer = await fetch(`${world.origin}${url}`, {
    method,
    headers: Object.fromEntries(headers.filter(([name]) => !left.includes(name))),
    body: body || undefined,
  });
  const names = ['content-type', 'camket-supergraph', 'etag'].filter((name) => answer.headers.has(name));
  const told = Object.fromEntries(names.map((name) => [name, answer.headers.get(name)]));
  if (answer.status === 304) return response.writeHead(304, told).end();
  const text = await answer.text();
  const isGraph = url === '/registry/supergraph' && answer.ok;
  say(response, isGraph ? rewrite(text) : text, answer.status, told);
}

async function direct(query, headers, variables) {
  const sent = { 'content-type': 'application/json', ...headers };
  const body = JSON.stringify({ query, variables });
  return (await fetch(world.api.url, { method: 'POST', headers: sent, body })).json();
}

/** Who somebody is, for the router alone: `api` is not told. */
function identity(scope) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.now() / 1000) + 600;
  const text = `${part({ alg: 'EdDSA', kid: 'k' })}.${part({ sub: 'somebody', scope, exp })}`;
  return { 'x-identity': `${text}.${sign(null, Buffer.from(text), privateKey).toString('base64url')}` };
}

const isNothing = (value) =>
  typeof value === 'object' && value !== null
    ? Object.values(value).every(isNothing)
    : [null, undefined, 0, false].includes(value);

/** A router that reads identities and counts the directives that are linked. */
const counting = () => `
authorization: { directives: { enabled: true, unauthorized: { mode: filter } } }
jwt:
  enabled: true
  require_authentication: false
  lookup_locations: [{ source: header, name: x-identity }]
  jwks_providers: [{ source: file, path: ${join(scratch, 'jwks.json')} }]
`;

async function behind(changed, more) {
  rewrite = changed;
  const router = await Router.start({
    registry: `http://127.0.0.1:${proxy.port}/registry`,
    key: world.api.routerKey,
    more,
  });
  return router.serves(await world.number());
}

/** Everybody gets what they get of `api`, and whoever is nobody there gets nothing. */
async function holds(router, { isCounted }) {
  const asked = [...PROTECTED.map((query) => [query]), [PRIVATE, { id: hidden }]];
  for (const [query, variables] of asked) {
    for (const person of Object.values(world.people)) {
      const headers = headersOf(person);
      const plain = await direct(query, headers, variables);
      const sent = { ...headers, ...identity('office other') };
      const routed = await router.ask(query, { headers: sent, variables });
      assert.deepEqual(shown(routed.data), shown(plain.data), `${person.subject}: ${query}`);
      assert.equal(Boolean(routed.errors), Boolean(plain.errors), `${person.subject}: ${query}`);
    }
    const plain = await direct(query, {}, variables);
    for (const headers of [{}, identity('office')]) {
      const { data, errors } = await router.ask(query, { headers, variables });
      assert.ok(isNothing(data), `nobody: ${query}: ${JSON.stringify(data)}`);
      const isRefused = errors?.some(({ extensions }) => /UNAUTHORIZED/.test(extensions.code));
      const isKept = isCounted && query !== PRIVATE && !headers['x-identity'];
      assert.equal(Boolean(isRefused), isKept, `nobody: ${query}: ${JSON.stringify(errors)}`);
      if (!isKept) assert.deepEqual(shown(data), shown(plain.data), query);
    }
  }
  const { data, errors } = await router.ask(PUBLIC);
  assert.equal(errors, undefined);
  assert.equal(typeof data.places.nodes[0].vidutel.percent4G, 'number');
}

test('without directives of the router', async () => {
  const router = await behind((graph) => graph);
  try {
    await holds(router, { isCounted: false });
  } finally {
    await router.stop();
  }
});

test('with directives that the router counts', async () => {
  const router = await behind((graph) => authorized(graph, RULES, { linked: true }), counting());
  try {
    await holds(router, { isCounted: true });
    // They count by what the router is told, so a token of `api`'s is not enough for it.
    const coordinator = headersOf(world.people.coordinator);
    for (const headers of [coordinator, { ...coordinator, ...identity('other') }]) {
      const { data } = await router.ask('{ apiTokens(first: 3) { totalCount } }', { headers });
      assert.ok(isNothing(data), JSON.stringify(data));
    }
  } finally {
    await router.stop();
  }
});

test('with directives whose @link is gone, which the router ignores', async () => {
  const router = await behind((graph) => authorized(graph, RULES, { linked: false }), counting());
  try {
    await holds(router, { isCounted: false });
  } finally {
    await router.stop();
  }
});

test('publication refuses a directive that would lose its @link, and lets one pass that keeps it', async () => {
  const sdl = await schemaOf('vidutel');
  const bare = sdl.replace('percent5G: Float!', 'percent5G: Float! @authenticated');
  const linked = bare.replace('federation/v2.3', 'federation/v2.5').replace('"@key"', '"@authenticated", "@key"');
  const codes = async (text) => (await world.check('vidutel', text)).problems.map(({ code }) => code);

  assert.deepEqual(await codes(bare), ['AUTHORIZATION_NOT_IMPORTED']);
  // Nothing is wrong with it but that the partner does not serve it.
  assert.deepEqual(await codes(linked), ['PROBE_SDL_DIFFERS']);
});
