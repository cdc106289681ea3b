// The router as a process of its own, and clients of it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { WebSocket } from 'ws';

const CRATE = fileURLToPath(new URL('../../router/', import.meta.url));

/** Its settings. */
const FILE = join(CRATE, 'router.yaml');

/** The program to start. */
const PROGRAM = process.env.CAMKET_ROUTER ?? join(CRATE, 'target/debug/camket-router');

/** How long anything may take, in milliseconds. */
const PATIENCE = 20_000;

export class Router {
  log = '';

  /**
   * Starts a router and waits until it answers, be it that it has no graph. `settings`: `registry`
   * and `key`; `hosts`, loopback by default; `plans`, to be shown plans; `more`, to be added to
   * router.yaml; `port` and `scratch`, those of an earlier one; `env`.
   */
  static async start(settings) {
    const router = new Router();
    router.port = settings.port ?? (await freePort());
    router.scratch = settings.scratch ?? (await mkdtemp(join(tmpdir(), 'camket-router-')));
    const file = await settingsOf(router.scratch, settings);
    router.process = spawn(PROGRAM, {
      env: {
        ROUTER_CONFIG_FILE_PATH: file,
        PORT: String(router.port),
        CAMKET_REGISTRY: settings.registry,
        CAMKET_ROUTER_KEY: settings.key,
        CAMKET_ALLOWED_HOSTS: settings.hosts ?? '127.0.0.0/8',
        CAMKET_ROUTER_CACHE: join(router.scratch, 'graph.graphql'),
        CAMKET_ROUTER_POLL: '200ms',
        ...settings.env,
      },
      cwd: router.scratch,
    });
    for (const stream of [router.process.stdout, router.process.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (router.log += text));
    }
    const begun = performance.now();
    await until('the router answers', () => router.probe('health'));
    router.startedIn = performance.now() - begun;
    return router;
  }

  get url() {
    return `http://127.0.0.1:${this.port}/graphql`;
  }

  /** The status of /health or /readiness, where there is an answer at all. */
  async probe(name) {
    if (this.process.exitCode !== null) throw new Error(`the router ended:\n${this.log}`);
    const answer = await fetch(`http://127.0.0.1:${this.port}/${name}`).catch(() => undefined);
    return answer?.status;
  }

  /** Asks; answers the whole answer, with its HTTP `status` and `headers`. */
  async ask(query, { variables, headers } = {}) {
    const answer = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    });
    const body = await answer.json();
    return { status: answer.status, headers: answer.headers, ...body };
  }

  /** How it would answer an operation, from a router that shows plans. */
  async plan(query, variables) {
    const headers = { 'hive-expose-query-plan': 'dry-run' };
    const { extensions, errors } = await this.ask(query, { variables, headers });
    if (errors) throw new Error(JSON.stringify(errors));
    return extensions.queryPlan;
  }

  /** Waits until it serves a graph of this number. */
  async serves(number) {
    await until(`graph ${number} is served`, async () => {
      const answer = await fetch(`http://127.0.0.1:${this.port}/readiness`);
      return answer.status === 200 && answer.headers.get('camket-supergraph') === String(number);
    });
    return this;
  }

  /** The resident memory, in MiB. */
  async memory() {
    const status = await readFile(`/proc/${this.process.pid}/status`, 'utf8');
    return Math.round(/VmRSS:\s+(\d+)/.exec(status)[1] / 1024);
  }

  async stop({ keep = false } = {}) {
    if (this.process.exitCode === null) {
      this.process.kill('SIGKILL');
      await once(this.process, 'exit');
    }
    if (!keep) await rm(this.scratch, { recursive: true, force: true });
  }

  /** Events of a subscription over Server-Sent Events. */
  async *events(query, headers = {}) {
    const answer = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
      body: JSON.stringify({ query }),
    });
    let text = '';
    for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
      text += part;
      const whole = text.split('\n\n');
      text = whole.pop();
      for (const event of whole) {
        const data = /^data: ?(\{.*)$/m.exec(event);
        if (data) yield JSON.parse(data[1]);
      }
    }
  }

  /** Events of a subscription over multipart. */
  async *parts(query, headers = {}) {
    const answer = await fetch(this.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'multipart/mixed;subscriptionSpec="1.0"',
        ...headers,
      },
      body: JSON.stringify({ query }),
    });
    let text = '';
    for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
      text += part;
      const whole = text.split('--graphql');
      text = whole.pop();
      for (const event of whole) {
        const { payload } = JSON.parse(/^\{.*$/m.exec(event)?.[0] ?? '{}');
        if (payload) yield payload;
      }
    }
  }

  /** Answers of one operation over a WebSocket. */
  async *socket(query, payload) {
    const socket = new WebSocket(this.url.replace('http', 'ws'), 'graphql-transport-ws');
    const messages = [];
    let wake = () => {};
    socket.on('message', (text) => (messages.push(JSON.parse(text)), wake()));
    socket.on('close', (code) => (messages.push({ type: 'closed', code }), wake()));
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init', payload }));
    try {
      for (;;) {
        while (messages.length === 0) await new Promise((woken) => (wake = woken));
        const { type, payload: answer, code } = messages.shift();
        if (type === 'connection_ack') {
          socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query } }));
        } else if (type === 'next') {
          yield answer;
        } else if (type === 'error') {
          yield { errors: answer };
        } else if (type === 'complete' || type === 'closed') {
          return code;
        }
      }
    } finally {
      socket.terminate();
    }
  }
}

/** The file of the settings as they are, or with what a router shows its plans by, and with more. */
async function settingsOf(scratch, { plans = false, more = '' }) {
  if (!plans && !more) return FILE;
  const [closed, open] = ['allow_expose: false', 'allow_expose: true'];
  const settings = await readFile(FILE, 'utf8');
  if (!settings.includes(closed)) throw new Error(`${FILE} does not say ${closed}`);
  const file = join(scratch, 'router.yaml');
  await writeFile(file, `${plans ? settings.replace(closed, open) : settings}\n${more}`);
  return file;
}

/** Waits until something holds. */
export async function until(what, holds) {
  const end = performance.now() + PATIENCE;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`it does not come: ${what}`);
    await new Promise((later) => setTimeout(later, 25));
  }
}

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
