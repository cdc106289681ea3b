// A real OpenID provider for the tests, on loopback. It prints one line of JSON when it is ready,
// then takes one command per line and answers each with one line of JSON; it ends with its input.
//
//   client          a token for a system, by client credentials over HTTP
//   person SUBJECT  a token for a person
//   rotate          signs with a new key from now on; the old one stays published
//   withdraw        publishes the newest key alone
//   asked           how often the published keys were asked for

import { generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { createInterface } from "node:readline";

import Provider from "oidc-provider";

const AUDIENCE = "https://camket.test/graphql";
const SYSTEM = { client_id: "bank-batch", client_secret: randomUUID() };
const FRONTEND = { client_id: "frontend", client_secret: randomUUID() };

const withoutPages = {
  redirect_uris: [],
  response_types: [],
  token_endpoint_auth_method: "client_secret_post",
};

const graph = {
  scope: "graph",
  audience: AUDIENCE,
  accessTokenTTL: 300,
  accessTokenFormat: "jwt",
  jwt: { sign: { alg: "RS256" } },
};

let keys = [newKey()];
let asked = 0;
let provider;

const server = createServer((request, response) => {
  if (request.url === "/jwks") asked += 1;
  provider.callback()(request, response);
});
server.listen(0, "127.0.0.1", async () => {
  provider = newProvider();
  say({ issuer: issuer(), audience: AUDIENCE, system: SYSTEM.client_id });
  for await (const line of createInterface({ input: process.stdin })) {
    say(await answer(line.split(" ")));
  }
  process.exit(0);
});

async function answer([command, subject]) {
  switch (command) {
    case "client":
      return clientCredentials();
    case "person":
      return { token: await accessToken(subject) };
    case "rotate":
      keys = [newKey(), ...keys];
      provider = newProvider();
      return { keys: keys.length };
    case "withdraw":
      keys = keys.slice(0, 1);
      provider = newProvider();
      return { keys: keys.length };
    case "asked":
      return { asked };
    default:
      return { error: `no command ${command}` };
  }
}

async function clientCredentials() {
  const form = { grant_type: "client_credentials", scope: "graph", resource: AUDIENCE, ...SYSTEM };
  const body = new URLSearchParams(form);
  const response = await fetch(`${issuer()}/token`, { method: "POST", body });
  const { access_token: token, ...rest } = await response.json();
  return token ? { token } : { error: rest };
}

// What the provider issues at the end of a sign-in; the pages before it are not ours to test.
async function accessToken(accountId) {
  const client = await provider.Client.find(FRONTEND.client_id);
  const token = new provider.AccessToken({ accountId, client, scope: "graph" });
  token.resourceServer = new provider.ResourceServer(AUDIENCE, graph);
  return token.save();
}

function newProvider() {
  return new Provider(issuer(), {
    jwks: { keys },
    ttl: { AccessToken: 300, ClientCredentials: 300 },
    clients: [
      { ...SYSTEM, grant_types: ["client_credentials"], ...withoutPages },
      { ...FRONTEND, grant_types: ["client_credentials"], ...withoutPages },
    ],
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: { enabled: true, getResourceServerInfo: () => graph },
    },
  });
}

function issuer() {
  return `http://127.0.0.1:${server.address().port}`;
}

function newKey() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), kid: randomUUID(), use: "sig", alg: "RS256" };
}

function say(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
