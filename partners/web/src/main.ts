// A web company's part of the province's graph, made up ("ví dụ"), to show that a subgraph needs no
// Rust. Read `schema.graphql` first: it is what is published.

import { app } from './app.js';
import { verifier } from './statement.js';

/** The prefix that the province granted: statements name it as their audience. */
const PREFIX = 'viduweb';

const {
  LISTEN = '127.0.0.1:4203',
  CAMKET_REGISTRY = 'http://127.0.0.1:4000/registry',
  CAMKET_ISSUER = 'http://127.0.0.1:4000',
} = process.env;

const [, host, port] = LISTEN.match(/^\[?(.+?)\]?:(\d+)$/) ?? [];
if (port === undefined) throw new Error(`LISTEN is no address with a port: ${LISTEN}`);
const server = app(verifier(CAMKET_REGISTRY, CAMKET_ISSUER, PREFIX));
server.listen(Number(port), host, () => {
  console.log(`${PREFIX} listens at http://${LISTEN}/graphql`);
});
process.on('SIGTERM', () => server.close());
