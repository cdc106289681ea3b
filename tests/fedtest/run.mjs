// Runs Apollo's tests of subgraphs against the example `fedtest_products`, whose program is the one
// argument: prints each and fails unless all hold but `ftv1`, which is optional and which we have not.
//
// The package would start docker, and rover with a router of its own. Here the two other subgraphs
// that it brings along run as they are, Apollo's composer and gateway stand before the three, and its
// tests are called one by one, with the functions that they take for granted.
import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { composeServices } from '@apollo/composition';
import { ApolloGateway } from '@apollo/gateway';
import { expect } from 'expect';
import { parse } from 'graphql';

const OPTIONAL = ['ftv1'];
/** How many there are in the version that is installed, so that none is lost unnoticed. */
const ALL = 23;

const [products] = process.argv.slice(2);
if (!products) {
  throw new Error('usage: node run.mjs path/to/fedtest_products');
}
const require = createRequire(import.meta.url);
const suite = dirname(require.resolve('@apollo/federation-subgraph-compatibility-tests'));
const running = [];
try {
  const urls = {
    products: await ours(),
    users: await theirs('users'),
    inventory: await theirs('inventory'),
  };
  process.env.PRODUCTS_URL = urls.products;
  const supergraph = await compose(urls);
  const router = await route(supergraph);
  process.exitCode = (await run(router)) ? 0 : 1;
} finally {
  await Promise.all(running.map((stop) => stop()));
}

/** Our example, at a port of its choice. */
async function ours() {
  const server = spawn(products, { stdio: ['ignore', 'ignore', 'pipe'] });
  const [, port] = await started(server, /127\.0\.0\.1:(\d+)/);
  return `http://127.0.0.1:${port}/graphql`;
}

/** A subgraph of the package's, at a port that is free. */
async function theirs(name) {
  const port = await freePort();
  const env = { ...process.env, [`${name.toUpperCase()}_PORT`]: String(port) };
  const cwd = join(suite, 'subgraphs', name);
  const stdio = ['ignore', 'pipe', 'pipe'];
  const server = spawn(process.execPath, ['index.js'], { cwd, env, stdio });
  await started(server, /localhost:\d+/);
  return `http://127.0.0.1:${port}/`;
}

/** Waits until a process says what shows that it is there. */
function started(child, sign) {
  running.push(async () => {
    child.kill('SIGTERM');
    if (child.exitCode === null && child.signalCode === null) {
      await new Promise((ended) => child.once('close', ended));
    }
  });
  return new Promise((found, failed) => {
    let said = '';
    for (const output of [child.stdout, child.stderr]) {
      output?.on('data', (text) => {
        said += text;
        const match = sign.exec(said);
        if (match) {
          found(match);
        }
      });
    }
    child.once('error', failed);
    child.once('close', () => failed(new Error(`it does not start: ${said}`)));
  });
}

async function freePort() {
  const server = createServer();
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

/** The supergraph of the three: ours by what it says of itself. */
async function compose(urls) {
  const { data } = await post(urls.products, { query: '{ _service { sdl } }' });
  const texts = { products: data._service.sdl };
  for (const name of ['users', 'inventory']) {
    texts[name] = await readFile(join(suite, 'subgraphs', name, `${name}.graphql`), 'utf8');
  }
  const { errors, supergraphSdl } = composeServices(
    Object.entries(urls).map(([name, url]) => ({ name, url, typeDefs: parse(texts[name]) })),
  );
  if (errors) {
    throw new Error(`the three do not compose: ${errors.map((error) => error.message).join('; ')}`);
  }
  return supergraphSdl;
}

/** Serves a supergraph by Apollo's gateway. */
async function route(supergraphSdl) {
  const silent = () => {};
  const logger = { debug: silent, info: silent, warn: console.warn, error: console.error };
  const gateway = new ApolloGateway({ supergraphSdl, logger });
  const { executor } = await gateway.load();
  const server = createServer(async (request, response) => {
    const sent = JSON.parse(Buffer.concat(await request.toArray()).toString());
    const document = parse(sent.query);
    const [operation] = document.definitions.filter(({ kind }) => kind === 'OperationDefinition');
    const answer = await executor({
      document,
      operation,
      operationName: null,
      queryHash: sent.query,
      request: { query: sent.query, variables: sent.variables ?? {}, http: { headers: new Map() } },
      context: {},
      metrics: {},
      overallCachePolicy: { restrict: silent },
      logger,
      schema: gateway.schema,
    });
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer));
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  running.push(async () => {
    server.closeAllConnections();
    server.close();
    await gateway.stop();
  });
  return `http://127.0.0.1:${server.address().port}/`;
}

async function post(url, body) {
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return response.json();
}

/** Runs all tests of the package, whose router is at a port of our choice. */
async function run(router) {
  const tests = [];
  let group = [];
  Object.assign(globalThis, {
    expect,
    describe(name, define) {
      group.push(name);
      define();
      group.pop();
    },
    test: (name, body) => tests.push({ name: [...group, name].join(' · '), body }),
  });
  globalThis.it = globalThis.test;
  const client = require(join(suite, 'utils', 'client.js'));
  client.routerRequest = (request, headers) => client.graphqlRequest(router, request, headers);
  const files = (await readdir(join(suite, 'tests'))).filter((file) => file.endsWith('.test.js'));
  files.forEach((file) => require(join(suite, 'tests', file)));

  const failed = [];
  for (const { name, body } of tests) {
    try {
      await body();
      console.log(`ok   ${name}`);
    } catch (cause) {
      failed.push(name);
      const isOptional = OPTIONAL.includes(name);
      console.log(isOptional ? `none ${name} (optional)` : `FAILED ${name}: ${cause.message}`);
    }
  }
  console.log(`${tests.length - failed.length} of ${tests.length}`);
  return tests.length === ALL && failed.every((name) => OPTIONAL.includes(name));
}
