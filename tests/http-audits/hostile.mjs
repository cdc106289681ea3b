// Sends what is meant to hurt to a server that it starts, while other clients go on asking: prints
// for each attack how long its refusal took, with which status and code, what the others' p99 was
// meanwhile and how much memory the server held. Figures are for people: it fails on a wrong
// status or code, never on time. What is a document goes over a WebSocket, too. The one argument is
// the `camket` to start, a release build.
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';

import { started } from '../live/kit.mjs';
import { Sockets } from './sockets.mjs';

const [camket] = process.argv.slice(2);
if (!camket) {
  throw new Error('usage: node hostile.mjs path/to/camket');
}
const TIMES = 20;
const LARGE = Buffer.alloc(50 << 20, 'x');
const BOMB = gzipSync(Buffer.alloc(100 << 20));

const data = await mkdtemp(join(tmpdir(), 'camket-hostile-'));
const server = await started(data);
const people = Object.values(server.people);
const { port } = new URL(people[0].url);
const sockets = new Sockets(port, server.people['telecom-1'].token);
try {
  await others(() => wait(1000));
  const quiet = await others(() => wait(5000));
  console.log(`p99 of others, undisturbed: ${ms(quiet)}; memory ${await memory()} MB`);
  for (const [name, attack, status, code] of [...attacks(), ...sockets.attacks(attacks(), LARGE)]) {
    const taken = [];
    let wrong = 0;
    const p99 = await others(async () => {
      for (let n = 0; n < TIMES; n += 1) {
        const begun = performance.now();
        const answer = await attack();
        taken.push(performance.now() - begun);
        wrong += answer.status !== status || !answer.body.includes(code);
      }
    });
    const [median, worst] = [taken.sort((a, b) => a - b)[TIMES / 2], taken.at(-1)];
    console.log(
      `${name}: ${status} ${code} median ${ms(median)} worst ${ms(worst)}; ` +
        `others' p99 ${ms(p99)} (${(p99 / quiet).toFixed(1)} x); memory ${await memory()} MB`,
    );
    if (wrong) {
      console.log(`  ${wrong} of ${TIMES} were answered otherwise`);
      process.exitCode = 1;
    }
  }
  let silent;
  const silence = await others(async () => (silent = await sockets.silent(50)));
  console.log(
    `50 silent sockets: closed ${silent.codes} after ${ms(silent.taken)}; ` +
      `others' p99 ${ms(silence)} (${(silence / quiet).toFixed(1)} x)`,
  );
  const before = await memory();
  const unread = await sockets.unread(10_000);
  console.log(
    `a subscriber that does not read ${unread.events} events: memory ${before} MB, then ` +
      `${await memory()} MB; the one that reads was told ${unread.told} of them`,
  );
  const slow = [];
  const p99 = await others(async () => {
    for (let n = 0; n < 50; n += 1) {
      slow.push(raw('POST /graphql HTTP/1.1\r\nhost: '), raw(`${head(100)}{`));
    }
    await wait(5000);
  });
  console.log(
    `50 slow heads and 50 slow bodies: others' p99 ${ms(p99)} (${(p99 / quiet).toFixed(1)} x)`,
  );
  const begun = performance.now();
  await Promise.all(slow.map((socket) => socket.ended));
  console.log(`all of them were given up after ${ms(5000 + performance.now() - begun)}`);
} finally {
  await server.stop();
  await rm(data, { recursive: true });
}

function attacks() {
  const ask = (query, more = '') => {
    const body = `{"query":${JSON.stringify(query)}${more}}`;
    return Object.assign(() => post(body), { body });
  };
  const many = (count, text) => Array.from({ length: count }, (_, n) => text(n)).join(' ');
  const doubling = (levels) =>
    `{ ...F0 } ${many(levels, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`)}
     fragment F${levels} on Query { __typename }`;
  const variables = many(100_000, (n) => `"${n.toString(36)}":1`).replaceAll(' ', ',');
  const limit = [200, 'COST_LIMIT'];
  return [
    ['doubling fragments, 20 levels', ask(doubling(20)), ...limit],
    ['doubling fragments, 30 levels', ask(doubling(30)), ...limit],
    ['doubling fragments, 60 levels', ask(doubling(60)), ...limit],
    ['10,000 __typename', ask(`{ ${many(10_000, () => '__typename')} }`), ...limit],
    ['1,000 aliases', ask(`{ ${many(1_000, (n) => `a${n}: __typename`)} }`), ...limit],
    ['200 levels', ask(`${'{a'.repeat(200)}${'}'.repeat(200)}`), ...limit],
    ['5,000 levels', ask(`${'{a'.repeat(5_000)}${'}'.repeat(5_000)}`), ...limit],
    ['lists 50,000 deep', ask(`{ party(by: ${'['.repeat(50_000)} }`), ...limit],
    [
      'circular fragments',
      ask('{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }'),
      200,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['1,000 directives', ask(`{ a ${many(1_000, () => '@skip(if: true)')} }`), ...limit],
    ['100,000 variables', ask('{ __typename }', `,"variables":{${variables}}`), 400, 'COST_LIMIT'],
    [
      'a list of 500,000 in a variable',
      ask('{ __typename }', `,"variables":{"a":[${'1,'.repeat(500_000)}1]}`),
      400,
      'COST_LIMIT',
    ],
    ['pages of pages', ask(`{ places(first: 100) { nodes { promised(first: 100) { nodes {
      deliveries(first: 100) { nodes { id } } } } } } }`), ...limit],
    ['a body of 50 MB', () => post(LARGE), 413, 'BAD_USER_INPUT'],
    [
      'a gzip bomb',
      () => post(BOMB, { 'content-encoding': 'gzip' }),
      415,
      'BAD_USER_INPUT',
    ],
    ['64 KB of headers', () => post('{}', { 'x-long': 'x'.repeat(64 << 10) }), 431, ''],
  ];
}

/** The p99 of other clients' answers while something runs. */
async function others(during) {
  const worker = new Worker(new URL('others.mjs', import.meta.url), {
    // Each has points of its own, and is not the one who attacks.
    workerData: { port, tokens: people.slice(4, 8).map(({ token }) => token) },
  });
  const told = once(worker, 'message');
  await wait(500);
  await during();
  worker.postMessage('stop');
  const [p99] = await told;
  return p99;
}

function post(body, headers = {}) {
  return new Promise((answered, failed) => {
    const options = {
      port,
      method: 'POST',
      path: '/graphql',
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        ...headers,
      },
    };
    let answer;
    const request = http.request({ host: '127.0.0.1', ...options }, (response) => {
      let text = '';
      response.on('data', (piece) => (text += piece));
      response.on('end', () => {
        answer = { status: response.statusCode, body: text };
        answered(answer);
      });
    });
    request.on('error', (cause) => answer || failed(cause));
    request.end(body);
  });
}

/** A connection on which something was sent; `ended` when the server has closed it. */
function raw(text) {
  const socket = net.connect(port, '127.0.0.1', () => socket.write(text));
  socket.on('error', () => {});
  socket.resume();
  socket.ended = new Promise((ended) => socket.once('close', ended));
  return socket;
}

function head(length) {
  return (
    `POST /graphql HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n` +
    `content-type: application/json\r\ncontent-length: ${length}\r\n\r\n`
  );
}

function wait(time) {
  return new Promise((over) => setTimeout(over, time));
}

function ms(time) {
  return `${time.toFixed(1)} ms`;
}

/** What the server has in memory. */
async function memory() {
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
  return Math.round(/VmRSS:\s*(\d+)/.exec(status)[1] / 1024);
}
