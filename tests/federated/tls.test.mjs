// A partner by https, as all but those on the operator's own machine are: its certificate is for its
// name and of an authority that the machine trusts, or it is not asked.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

import { Federation } from './world.mjs';

const COVERAGE = `{ places(first: 1, filter: { code: { in: ["02014"] } }) {
  nodes { name ... on Commune { vidutel { percent4G } } } } }`;

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc', '-days', '1'];

let world;
let scratch;
let front;
/** The names that were asked for, before anything was said. */
const names = [];

/** An authority; answers the files of its certificate and its key. */
async function authority(name) {
  const [cert, key] = [join(scratch, `${name}.pem`), join(scratch, `${name}.key`)];
  await openssl('req', '-x509', ...KEY, '-subj', `/CN=${name}`, '-out', cert, '-keyout', key);
  return { cert, key };
}

/** What a server shows for a name. */
async function certificate(issuer, name) {
  const [cert, key] = [join(scratch, 'server.pem'), join(scratch, 'server.key')];
  const ends = ['-addext', 'basicConstraints=critical,CA:FALSE', '-addext', `subjectAltName=DNS:${name}`];
  const by = ['-CA', issuer.cert, '-CAkey', issuer.key];
  await openssl('req', '-x509', ...by, ...KEY, ...ends, '-subj', `/CN=${name}`, '-out', cert, '-keyout', key);
  return { cert: await readFile(cert), key: await readFile(key) };
}

const openssl = (...args) => promisify(execFile)('openssl', args);

/** Passes a question on to the partner behind. */
function pass(asked, response) {
  names.push(asked.socket.servername);
  const { method, url, headers } = asked;
  const { port } = world.running.vidutel;
  const on = request({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  asked.pipe(on);
}

/** The partner shows another certificate from now on. */
function show(shown) {
  front.setSecureContext(shown);
  front.closeAllConnections();
}

before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'camket-tls-'));
  const trusted = await authority('trusted');
  process.env.SSL_CERT_FILE = trusted.cert;
  world = await Federation.start('vidutel');
  world.good = await certificate(trusted, 'localhost');
  world.misnamed = await certificate(trusted, 'so-lieu.example.vn');
  world.forged = await certificate(await authority('anybody'), 'localhost');
  front = createServer(world.good, pass).listen(0, '127.0.0.1');
  await once(front, 'listening');
  world.running.vidutel.url = `https://localhost:${front.address().port}/graphql`;
});
after(async () => {
  await world?.stop();
  front?.closeAllConnections();
  front?.close();
  await rm(scratch, { recursive: true, force: true });
});

test('a partner is published, checked and asked by https', async () => {
  await world.join('vidutel');
  assert.ok(names.length > 0 && names.every((name) => name === 'localhost'), names);
  const before = names.length;
  const { SSL_CERT_FILE } = process.env;
  await world.route({ hosts: 'localhost,127.0.0.0/8,::1', env: { SSL_CERT_FILE } });

  const { data, errors } = await world.router.ask(COVERAGE);

  assert.equal(errors, undefined);
  assert.equal(typeof data.places.nodes[0].vidutel.percent4G, 'number');
  assert.ok(names.length > before);
});

for (const [what, which] of [
  ['for another name', 'misnamed'],
  ['of an authority that nobody trusts', 'forged'],
]) {
  test(`a certificate ${what} is told nothing`, async () => {
    show(world[which]);
    const before = names.length;

    const { data, errors } = await world.router.ask(COVERAGE);
    const { passed, problems } = await world.check('vidutel');

    assert.ok(data.places.nodes[0].name);
    assert.equal(data.places.nodes[0].vidutel, null);
    assert.deepEqual(errors.map(({ path }) => path), [['places', 'nodes', 0, 'vidutel']]);
    assert.deepEqual([passed, problems.map(({ code }) => code)], [false, ['PROBE_UNREACHABLE']]);
    assert.equal(names.length, before);
    show(world.good);
    const again = await world.router.ask(COVERAGE);
    assert.equal(typeof again.data.places.nodes[0].vidutel.percent4G, 'number');
  });
}
