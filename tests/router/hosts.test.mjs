// Where the router connects to: to what the operator's list admits, and nowhere else.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ALL, EVERYTHING, World } from './world.mjs';

let world;
before(async () => (world = await World.start()));
after(() => world.stop());

/** Asks a router with this list, the telecom being called `host`. */
async function asked(hosts, host) {
  const { api, telecom, bank } = world;
  const url = `http://${host}:${telecom.port}/graphql`;
  const number = api.compose([telecom, bank], { vidutel: url });
  telecom.forget();
  const router = await world.restart({ hosts, graphless: true });
  await router.serves(number);
  const answer = await router.ask(ALL);
  await router.stop();
  return { ...answer, log: router.log };
}

for (const [hosts, host] of [
  ['127.0.0.0/8', '127.0.0.1'],
  ['127.0.0.1', '127.0.0.1'],
  ['localhost,127.0.0.0/8', 'localhost'],
  ['10.0.0.0/8, 127.0.0.0/8, LocalHost', 'localhost'],
]) {
  test(`${hosts} admits ${host}`, async () => {
    const { data } = await asked(hosts, host);

    assert.deepEqual(
      data.communes.map(({ vidutel }) => vidutel),
      EVERYTHING.map(({ vidutel }) => vidutel),
    );
    assert.equal(world.telecom.requests[0].header('host'), `${host}:${world.telecom.port}`);
  });
}

for (const [hosts, host] of [
  ['', '127.0.0.1'],
  ['10.0.0.0/8', '127.0.0.1'],
  ['localhost', 'localhost'],
  ['localhost', '127.0.0.1'],
  ['10.0.0.0/8', '127.1'],
  ['10.0.0.0/8', '0x7f000001'],
  ['10.0.0.0/8', '2130706433'],
  ['10.0.0.0/8', '[::ffff:127.0.0.1]'],
  ['127.0.0.0/8', 'localhost'],
  ['127.0.0.0/8', '127.1'],
  ['127.0.0.0/8,partner.invalid', 'partner.invalid'],
]) {
  test(`${hosts || 'nothing'} does not admit ${host}`, async () => {
    const { data, errors } = await asked(hosts, host);

    assert.deepEqual(
      data.communes.map(({ vidutel }) => vidutel),
      [null, null],
    );
    const own = errors.filter(({ extensions }) => extensions.service === 'vidutel');
    assert.deepEqual(
      own.map(({ path }) => path[2]),
      ['vidutel', 'vidutel'],
    );
    assert.ok(
      own.every(({ message }) => message === 'vidutel cannot be reached'),
      JSON.stringify(own),
    );
    assert.equal(world.telecom.received, '', 'it was not even connected to');
  });
}

test('an address of a partner is never told to a client', async () => {
  const { errors } = await asked('10.0.0.0/8', '127.0.0.1');

  assert.ok(!JSON.stringify(errors).includes('127.0.0.1'));
});

test('the gate answers nobody who does not know its name', async () => {
  const { log, port } = world.router;
  assert.ok(!log.includes('secret'));
  const { readdir, readFile } = await import('node:fs/promises');
  const pid = world.router.process.pid;
  const tcp = await readFile(`/proc/${pid}/net/tcp`, 'utf8');
  const own = new Set();
  for (const fd of await readdir(`/proc/${pid}/fd`)) {
    const { readlink } = await import('node:fs/promises');
    const link = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '');
    const inode = /^socket:\[(\d+)\]$/.exec(link);
    if (inode) own.add(inode[1]);
  }
  const listening = tcp
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[3] === '0A' && own.has(columns[9]))
    .map((columns) => parseInt(columns[1].split(':')[1], 16));
  const gates = listening.filter((one) => one !== port);
  assert.equal(gates.length, 1);
  for (const path of [
    '/',
    '/vidutel',
    `/vidutel?${world.telecom.url}`,
    `/0/vidutel?${world.telecom.url}`,
  ]) {
    const answer = await fetch(`http://127.0.0.1:${gates[0]}${path}`, {
      method: 'POST',
      body: '{"query":"{a}"}',
    });
    assert.equal(answer.status, 404, path);
  }
});
