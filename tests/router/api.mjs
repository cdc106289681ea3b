// An `api` with its registry, as far as the router speaks to them: the graph under a key with its
// number and ETag, statements, and GraphQL over HTTP and as events. It tells back who asks.
import { createHash } from 'node:crypto';
import { once } from 'node:events';

import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';

import { Graph, published } from './subgraph.mjs';
import { Server, say } from './wire.mjs';

export const KEY = 'camket_router_0123456789abcdef';

export const SDL = `
  type Query { communes: [Commune!]! asker: Asker refused: String }
  type Mutation { note(text: String!): String }
  type Subscription { communeChanged: Commune refusedStream: String }
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
      {
        Commune: ({ id, code }) =>
          COMMUNES.find((commune) => (id ? commune.id === id : commune.code === code)),
      },
    );
  }

  get registry() {
    return `http://127.0.0.1:${this.port}/registry`;
  }

  /** Puts a graph of `api` and these partners into the registry; answers its number. */
  compose(partners, urls = {}, own = SDL) {
    const all = [{ name: 'api', sdl: own, url: 'http://not-asked.invalid/graphql' }, ...partners];
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
        if (request.header('accept')?.includes('text/event-stream')) {
          return this.#tell(request, response);
        }
        return this.#answer(request, response);
      default:
        return say(response, { errors: [{ message: 'no such place' }] }, 404);
    }
  }

  async #answer(request, response) {
    const refuse = (code, status, headers) => {
      const error = { message: 'token lạ', extensions: { code, traceId: 't-2' } };
      say(response, { errors: [error] }, status, headers);
    };
    switch (request.header('authorization')) {
      case 'Bearer bad':
        return refuse('UNAUTHENTICATED', 401, { 'www-authenticate': 'Bearer' });
      case 'Bearer busy':
        return refuse('RATE_LIMITED', 429, { 'retry-after': 7 });
      default:
        return say(response, await this.graph.run(JSON.parse(request.body), request));
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

  /** Answers a subscription with Server-Sent Events, as long as somebody listens. */
  async #tell(request, response) {
    if (request.body.includes('refusedStream')) {
      const extensions = { code: 'UNAUTHENTICATED', traceId: 't-3' };
      const refusal = JSON.stringify({ errors: [{ message: 'token lạ', extensions }] });
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      return response.end(`event: next\ndata: ${refusal}\n\nevent: complete\ndata: null\n\n`);
    }
    const answers = await this.graph.stream(JSON.parse(request.body), request);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(': there\n\n');
    response.on('close', () => answers.return());
    for await (const answer of answers) {
      response.write(`event: next\ndata: ${JSON.stringify(answer)}\n\n`);
    }
    response.end('event: complete\ndata: null\n\n');
  }
}
