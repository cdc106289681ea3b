// The graph behind HTTP: nobody comes in without a statement, and nothing is taken without a limit.

import { createServer, type Server } from 'node:http';
import { parse } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import { schema } from './graph.js';
import type { Verify } from './statement.js';

/** Bytes of a request; 1,000 representations take about 100,000. */
export const MAX_BODY = 1024 * 1024;
/** Of a question; representations are no part of it. */
const MAX_TOKENS = 1000;
/** Milliseconds. */
const MAX_DURATION = 10_000;
const HEALTH = '/livez';

/** Each request but the one for health bears a statement and says how long it is. */
const guard = (verify: Verify): Plugin => ({
  async onRequest({ request, url, endResponse }) {
    if (url.pathname === HEALTH) return;
    const refuse = (status: number, code: string, message: string) =>
      endResponse(Response.json({ errors: [{ message, extensions: { code } }] }, { status }));
    if (!(await verify(request.headers.get('authorization')))) {
      const message = 'a statement of the province for this subgraph is required';
      return refuse(401, 'UNAUTHENTICATED', message);
    }
    const length = request.headers.get('content-length');
    if (length === null) return refuse(411, 'BAD_REQUEST', 'content-length is required');
    if (Number(length) > MAX_BODY) return refuse(413, 'BAD_REQUEST', 'this is too long');
  },
});

// How deep a question may be needs no limit of ours: the types do not lead back to themselves, and
// the library itself bounds introspection.
const limit: Plugin = {
  onParse: ({ setParseFn }) => setParseFn((source) => parse(source, { maxTokens: MAX_TOKENS })),
};

export function app(verify: Verify): Server {
  const yoga = createYoga({
    schema,
    plugins: [guard(verify), limit],
    healthCheckEndpoint: HEALTH,
    graphiql: false,
    landingPage: false,
    multipart: false,
  });
  const time = { requestTimeout: MAX_DURATION, connectionsCheckingInterval: 1_000 };
  const server = createServer(time, yoga);
  server.timeout = MAX_DURATION;
  // Longer than a router keeps a connection that it does not use, so that none is closed just as a
  // request comes.
  server.keepAliveTimeout = 75_000;
  return server;
}
