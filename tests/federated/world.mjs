// The real thing on one machine: `api` with its demonstration, the example partners, and the router
// before them, each as a process of its own on a free port; published, granted and approved by the
// people whose business it is.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { key, same, started } from '../live/kit.mjs';
import { Router, freePort, until } from '../router/router.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const built =
  process.env.PARTNERS_TARGET ?? process.env.CARGO_TARGET_DIR ?? join(ROOT, 'partners/target');

/** The example partners: whose each is, who acts for it, and what the coordinator grants it. */
export const PARTNERS = {
  vidutel: {
    directory: 'telecom',
    party: 'VT-MAU-1',
    manager: 'telecom-1',
    program: [join(built, 'debug/vidutel')],
    grants: ['Commune.code', 'Commune.validFrom', 'Commune.validTo', 'TelecomCompany.code'],
  },
  vidubank: {
    directory: 'bank',
    party: 'NH-MAU-1',
    manager: 'bank',
    program: [join(built, 'debug/vidubank')],
    grants: ['Commune.code', 'Commune.validFrom', 'Bank.code'],
  },
  viduweb: {
    directory: 'web',
    party: 'BD-MAU-1',
    manager: 'post',
    program: [process.execPath, 'dist/src/main.js'],
    grants: ['Commune.code', 'Commune.validFrom'],
  },
};

export const schemaOf = (prefix) =>
  readFile(join(ROOT, 'partners', PARTNERS[prefix].directory, 'schema.graphql'), 'utf8');

/** The headers of somebody of the demonstration. */
export const headersOf = ({ token, party }) => ({
  authorization: `Bearer ${token}`,
  'camket-party': party,
});

/** What an answer shows: cursors are sealed anew for each, and nothing at all is told in two ways. */
export const shown = (data) => {
  if (Object.values(data ?? {}).every((value) => value === null)) return null;
  return JSON.parse(JSON.stringify(data, (name, value) => (/cursor$/i.test(name) ? typeof value : value)));
};

const CHECK = `check { passed
  problems { stage code message hint line column coordinate }
  approvalsNeeded { kind value } }`;

export class Federation {
  running = {};

  /** `api` and these partners; nothing is published. */
  static async start(...prefixes) {
    const world = new Federation();
    world.data = await mkdtemp(join(tmpdir(), 'camket-federated-'));
    world.api = await started(world.data);
    world.people = world.api.people;
    world.origin = new URL(world.api.url).origin;
    world.registry = `${world.origin}/registry`;
    for (const prefix of prefixes) await world.run(prefix);
    return world;
  }

  /** Starts a partner's process, at the port that it had. */
  async run(prefix, port) {
    const { directory, program } = PARTNERS[prefix];
    port ??= await freePort();
    const partner = spawn(program[0], program.slice(1), {
      cwd: join(ROOT, 'partners', directory),
      env: {
        PATH: process.env.PATH,
        LISTEN: `127.0.0.1:${port}`,
        CAMKET_REGISTRY: this.registry,
        CAMKET_ISSUER: this.origin,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    this.running[prefix] = { partner, port, url: `http://127.0.0.1:${port}/graphql` };
    await until(`${prefix} answers`, async () => {
      if (partner.exitCode !== null) throw new Error(`${prefix} ended`);
      return (await fetch(`http://127.0.0.1:${port}/livez`).catch(() => ({}))).ok;
    });
  }

  async end(prefix) {
    const { partner } = this.running[prefix];
    const ended = once(partner, 'exit');
    if (partner.exitCode === null && partner.kill('SIGKILL')) await ended;
  }

  async partyOf(prefix) {
    const { party } = await this.people.coordinator.ask(
      'query ($code: String!) { party(by: { code: $code }) { id } }',
      { code: PARTNERS[prefix].party },
    );
    return party.id;
  }

  /** What the coordinator grants a partner. */
  async grant(prefix) {
    const partyId = await this.partyOf(prefix);
    const grants = PARTNERS[prefix].grants.map((coordinate) => ({ partyId, coordinate }));
    const input = { grants, idempotencyKey: key() };
    await this.people.coordinator.act('grantFields', 'grants { id }', input);
  }

  manager = (prefix) => this.people[PARTNERS[prefix].manager];

  /** What the checks find. */
  async check(prefix, sdl) {
    const input = {
      partyId: await this.partyOf(prefix),
      url: this.running[prefix].url,
      sdl: sdl ?? (await schemaOf(prefix)),
    };
    return (await this.manager(prefix).try('checkSubgraph', CHECK, input)).check;
  }

  /** Publishes as a manager of the partner does; answers the payload. */
  async publish(prefix, { sdl, url, allowBreaking = false } = {}) {
    const { subgraph } = await this.manager(prefix).ask(
      'query ($name: String!) { subgraph(by: { name: $name }) { version } }',
      { name: prefix },
    );
    const input = {
      partyId: await this.partyOf(prefix),
      url: url ?? this.running[prefix].url,
      sdl: sdl ?? (await schemaOf(prefix)),
      allowBreaking,
      expectedVersion: subgraph?.version ?? 0,
      idempotencyKey: key(),
    };
    const shown = `subgraph { id version waiting { number } live { number } } ${CHECK}`;
    return this.manager(prefix).try('publishSubgraph', shown, input);
  }

  async approve({ id, version }) {
    const input = { id, expectedVersion: version, decision: 'APPROVE' };
    const shown = `subgraph { id version live { number } } ${CHECK}`;
    return this.people.coordinator.act('approveSubgraph', shown, input);
  }

  /** Everything that brings a partner into the graph. */
  async join(prefix) {
    await this.grant(prefix);
    const { subgraph, check, userErrors } = await this.publish(prefix);
    same(`${prefix} is published`, [userErrors, check.problems], [[], []]);
    await this.approve(subgraph);
  }

  /** The number of the graph that is served. */
  async number() {
    const headers = { 'x-hive-cdn-key': this.api.routerKey };
    const answer = await fetch(`${this.registry}/supergraph`, { headers });
    return Number(answer.headers.get('camket-supergraph'));
  }

  /** A router's key as an operator issues it; that of the demonstration ends with it. */
  async routerKey(name) {
    const camket = process.argv[2] ?? 'target/debug/camket';
    const { stdout } = await promisify(execFile)(camket, ['router-key', 'issue', '--name', name], {
      env: { CAMKET_DATABASE__URL: `sqlite://${join(this.data, 'camket.db')}` },
    });
    return /camket_router_[\w-]+/.exec(stdout)[0];
  }

  /** A router before it all, which serves what the registry does. */
  async route(settings = {}) {
    const { registry, api } = this;
    this.router = await Router.start({ registry, key: api.routerKey, ...settings });
    return this.router.serves(await this.number());
  }

  async stop() {
    await this.router?.stop();
    await Promise.all(Object.keys(this.running).map((prefix) => this.end(prefix)));
    await this.api?.stop();
    await rm(this.data, { recursive: true, force: true });
  }
}
