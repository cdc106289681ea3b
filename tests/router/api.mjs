// An `api` with its registry, as far as the router speaks to them: the graph under a key with its
// number and ETag, statements, GraphQL over HTTP and over WebSocket. It tells back who asks.
import { createHash } from 'node:crypto';
import { once } from 'node:events';

import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';
import { WebSocketServer } from 'ws';

import { Graph, published } from './subgraph.mjs';
import { Server, say } from './wire.mjs';

export const KEY = 'camket_router_0123456789abcdef';

const SDL = `
  type Query { communes: [Commune!]! asker: Asker refused: String }
  type Mutation { note(text: String!): String }
  type Subscription { communeChanged: Commune }
  type Asker { authorization: String party: String language: String trace: String addresses: String }
  type Commune @key(fields: "id") { id: ID! code: String! name: String! }`;

export const COMMUNES = [
  { id: 'c1', code: '02014', name: 'Chợ Rã' },
  { id: 'c2', code: '02017', name: 'Ba Bể' },
];

const HEADERS = {
  authorization: 'authorization',
  party: 'camket-party',
  language: 'accept-language',
  trace: 'traceparent',
  addresses: 'x-forwarded-for',
};

/** Refuses a router. */
function refuse(response) {
  const error = { message: 'this router key is not good', extensions: { code: 'UNAUTHENTICATED' } };
  say(response, { errors: [error] }, 401, { 'www-authenticate': 'Camket-Router' });
}

export class Api extends Server {
  number = 0;
  /** Statements that were asked for, as `audience asker`. */
  exchanged = [];
  /** First messages of sockets. */
  greetings = [];
  #watchers = new Set();

  constructor() {
    super((request, response) => this.#route(request, response));
    this.graph = new Graph(
      SDL,
      {
        communes: COMMUNES,
        asker: (_, request) =>
          Object.fromEntries(
            Object.entries(HEADERS).map(([name, header]) => [name, request.header(header)]),
          ),
        refused: () => {
          const extensions = { code: 'FORBIDDEN', traceId: 't-1', reason: 'r-1' };
          throw Object.assign(new Error('không được phép'), { extensions });
        },
        note: ({ text }) => text,
        communeChanged: () => this.#changes(),
      },
      { Commune: ({ id }) => COMMUNES.find((commune) => commune.id === id) },
    );
    this.#openSockets();
  }

  get registry() {
    return `http://127.0.0.1:${this.port}/registry`;
  }

  /** Puts a graph of `api` and these partners into the registry; answers its number. */
  compose(partners, urls = {}) {
    const all = [{ name: 'api', sdl: SDL, url: 'http://not-asked.invalid/graphql' }, ...partners];
    const services = all.map(({ name, sdl, url }) => {
      return { name, url: urls[name] ?? url, typeDefs: parse(published(sdl)) };
    });
    const { supergraphSdl, errors } = composeServices(services);
    if (errors) throw new Error(errors.map((error) => error.message).join('\n'));
    return this.publish(supergraphSdl);
  }

  publish(supergraph) {
    this.supergraph = supergraph;
    this.number += 1;
    return this.number;
  }

  /** Tells whoever watches that a commune changed. */
  change(commune) {
    for (const watcher of this.#watchers) watcher(commune);
  }

  get isWatched() {
    return this.#watchers.size > 0;
  }

  /** Waits until somebody watches. */
  async watched() {
    while (!this.isWatched) await once(this.http, 'watched');
  }

  #changes() {
    const waiting = [];
    let [wake, over] = [() => {}, false];
    const watcher = (commune) => (waiting.push(commune), wake());
    this.#watchers.add(watcher);
    this.http.emit('watched');
    return {
      [Symbol.asyncIterator]() {
        return this;
      },
      next: async () => {
        while (!over && waiting.length === 0) await new Promise((woken) => (wake = woken));
        return over ? { done: true } : { done: false, value: { communeChanged: waiting.shift() } };
      },
      return: async () => {
        over = true;
        this.#watchers.delete(watcher);
        wake();
        return { done: true };
      },
    };
  }

  async #route(request, response) {
    switch (`${request.method} ${request.url}`) {
      case 'GET /registry/supergraph':
        return this.#tellGraph(request, response);
      case 'POST /registry/statements':
        return this.#exchange(request, response);
      case 'POST /graphql':
        return say(response, await this.graph.run(JSON.parse(request.body), request));
      default:
        return say(response, { errors: [{ message: 'no such place' }] }, 404);
    }
  }

  #tellGraph(request, response) {
    if (request.header('x-hive-cdn-key') !== KEY) return refuse(response);
    const etag = `W/"${createHash('sha256').update(this.supergraph).digest('hex')}"`;
    const headers = { etag, 'camket-supergraph': this.number, 'content-type': 'text/plain' };
    if (request.header('if-none-match') === etag) return response.writeHead(304, headers).end();
    say(response, this.supergraph, 200, headers);
  }

  #exchange(request, response) {
    if (request.header('camket-router') !== KEY) return refuse(response);
    const authorization = request.header('authorization');
    const party = request.header('camket-party');
    if (authorization === 'Bearer bad') {
      const extensions = { code: 'UNAUTHENTICATED', traceId: 't-2' };
      const error = { message: 'token lạ', extensions };
      return say(response, { errors: [error] }, 401, { 'www-authenticate': 'Bearer' });
    }
    const statements = {};
    for (const aud of JSON.parse(request.body).audiences) {
      const asker = [authorization, party].filter(Boolean).join(' for ') || 'public';
      this.exchanged.push(`${aud} ${asker}`);
      const sub = createHash('sha256').update(`${aud} ${asker}`).digest('base64url');
      statements[aud] = Buffer.from(JSON.stringify({ aud, sub })).toString('base64url');
    }
    say(response, { statements, expiresIn: 60 });
  }

  #openSockets() {
    const handleProtocols = () => 'graphql-transport-ws';
    const sockets = new WebSocketServer({ server: this.http, path: '/graphql', handleProtocols });
    sockets.on('connection', (socket) => {
      const running = new Map();
      const tell = (message) => socket.send(JSON.stringify(message));
      socket.on('error', () => {});
      socket.on('close', () => running.forEach((answers) => answers.return()));
      socket.on('message', async (text) => {
        const { type, id, payload } = JSON.parse(text);
        if (type === 'connection_init') {
          this.greetings.push(payload);
          tell({ type: 'connection_ack' });
        } else if (type === 'ping') {
          tell({ type: 'pong' });
        } else if (type === 'complete') {
          running.get(id)?.return();
        } else if (type === 'subscribe') {
          const answers = await this.graph.stream(payload, { header: () => undefined });
          running.set(id, answers);
          for await (const answer of answers) tell({ type: 'next', id, payload: answer });
          tell({ type: 'complete', id });
        }
      });
    });
  }
}
