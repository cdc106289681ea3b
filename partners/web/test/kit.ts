// A province for tests: it signs statements, and a registry on loopback tells its public keys.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type JWTHeaderParameters, type JWTPayload } from 'jose';
import { app } from '../src/app.js';
import { verifier } from '../src/statement.js';

export const ISSUER = 'http://province.test';
export const head = (kid: string): JWTHeaderParameters => ({
  alg: 'EdDSA',
  typ: 'camket-statement+jwt',
  kid,
});

/** What the province says of the public. */
export function claims(): JWTPayload {
  const now = Math.floor(Date.now() / 1000);
  const whom = { sub: 'public', own: false, kind: 'PUBLIC' };
  return { iss: ISSUER, aud: 'viduweb', iat: now, exp: now + 60, jti: '1', ...whom };
}

export const sign = (header: JWTHeaderParameters, payload: JWTPayload, key: CryptoKey | Uint8Array) =>
  new SignJWT(payload).setProtectedHeader(header).sign(key, { crit: { 'unheard-of': true } });

async function start(server: Server) {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function stop(server: Server) {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

export async function province() {
  const pair = () => generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const keys = { first: await pair(), second: await pair() };
  const told = [{ ...(await exportJWK(keys.first.publicKey)), kid: 'first' }];
  let asked = 0;
  let status = 200;
  const registry = createServer((_, response) => {
    asked += 1;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ keys: told }));
  });
  const server = app(verifier(await start(registry), ISSUER, 'viduweb'));
  const address = await start(server);
  const statement = () => sign(head('first'), claims(), keys.first.privateKey);

  /** Sends a body with `Authorization` as given. */
  const send = (body: string, authorization?: string) => {
    const headers = { 'content-type': 'application/json', ...(authorization && { authorization }) };
    return fetch(`${address}/graphql`, { method: 'POST', headers, body });
  };
  return {
    keys,
    statement,
    send,
    address,
    asked: () => asked,
    publish: async () => {
      told.push({ ...(await exportJWK(keys.second.publicKey)), kid: 'second' });
    },
    fail: () => {
      status = 503;
    },
    goAway: () => stop(registry),
    end: async () => {
      await stop(server);
      if (registry.listening) await stop(registry);
    },
    /** Asks as the router does, for the public. */
    ask: async (query: string, variables = {}) => {
      const answer = await send(JSON.stringify({ query, variables }), `Bearer ${await statement()}`);
      return answer.json();
    },
    /** The status that a statement gets. */
    status: async (token: string) =>
      (await send('{"query":"{ __typename }"}', `Bearer ${token}`)).status,
  };
}
