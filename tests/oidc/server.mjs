// A real OpenID provider for the tests, on loopback. It prints one line of JSON when it is ready,
// then takes one command per line and answers each with one line of JSON; it ends with its input.
//
//   client          a token for a system, by client credentials over HTTP
//   person SUBJECT  a token for a person
//   sign-in SUBJECT URL  signs a person in, in a browser that was sent to URL; answers where it goes next
//   rotate          signs with a new key from now on; the old one stays published
//   withdraw        publishes the newest key alone
//   asked           how often the published keys were asked for
//
// `node server.mjs RETURN` is the same under the name of localhost, for a console whose people it sends
// back to RETURN, and with a page that asks who somebody is.

import { generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";

import Provider from "oidc-provider";

const AUDIENCE = "https://camket.test/graphql";
const SYSTEM = { client_id: "bank-batch", client_secret: randomUUID() };
const CONSOLE = { client_id: "console", client_secret: randomUUID() };
const [, , ASKING] = process.argv;
const RETURN = ASKING ?? "https://camket.test/console/sign-in/return";
const NAME = ASKING ? "localhost" : "127.0.0.1";
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
  if (request.url.startsWith("/interaction/")) whoIsIt(request, response);
  else provider.callback()(request, response);
});

// The one whom the test names in a header, or on the page that asks.
async function whoIsIt(request, response) {
  let accountId = request.headers["x-subject"];
  if (request.method === "POST") accountId = new URLSearchParams(await text(request)).get("subject");
  if (accountId) return provider.interactionFinished(request, response, { login: { accountId } });
  response.setHeader("content-type", "text/html; charset=utf-8");
  response.end('<!doctype html><title>Ai đó?</title><link rel="icon" href="data:,"><form method="post"><input name="subject"><button>Tôi đây</button></form>');
}

server.listen(0, "127.0.0.1", async () => {
  provider = newProvider();
  say({ issuer: issuer(), audience: AUDIENCE, system: SYSTEM.client_id, console: CONSOLE.client_id, secret: CONSOLE.client_secret });
  for await (const line of createInterface({ input: process.stdin })) {
    say(await answer(line.split(" ")));
  }
  process.exit(0);
});

async function answer([command, subject, url]) {
  switch (command) {
    case "client":
      return clientCredentials();
    case "person":
      return { token: await accessToken(subject) };
    case "sign-in":
      return signIn(subject, url);
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

// A browser that follows where it is sent, as far as this provider goes.
async function signIn(subject, url) {
  const jar = new Map();
  for (let steps = 0; steps < 10 && url.startsWith(issuer()); steps += 1) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(url, { redirect: "manual", headers: { cookie, "x-subject": subject } });
    for (const set of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set);
      if (value) jar.set(name, value);
      else jar.delete(name);
    }
    const next = response.headers.get("location");
    if (!next) return { error: `${response.status} ${await response.text()}` };
    url = new URL(next, url).href;
  }
  return { location: url };
}

function newProvider() {
  return new Provider(issuer(), {
    jwks: { keys },
    ttl: { AccessToken: 300, ClientCredentials: 300 },
    clients: [
      { ...SYSTEM, grant_types: ["client_credentials"], ...withoutPages },
      {
        ...CONSOLE,
        grant_types: ["authorization_code"],
        response_types: ["code"],
        redirect_uris: [RETURN],
      },
      { ...FRONTEND, grant_types: ["client_credentials"], ...withoutPages },
    ],
    pkce: { required: () => true },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    // Nobody is asked whether the console may know who they are.
    async loadExistingGrant(ctx) {
      const { client, session } = ctx.oidc;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope("openid");
      await grant.save();
      return grant;
    },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: { enabled: true, getResourceServerInfo: () => graph },
    },
  });
}

function issuer() {
  return `http://${NAME}:${server.address().port}`;
}

function newKey() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), kid: randomUUID(), use: "sig", alg: "RS256" };
}

function say(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
