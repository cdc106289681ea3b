// The world of the tests: an `api` with its registry, two partners, and a router before them.
import { Api, COMMUNES, KEY } from './api.mjs';
import { Router } from './router.mjs';
import { Partner } from './subgraph.mjs';

const TELECOM = `
  type Commune @key(fields: "id") {
    id: ID!
    code: String! @external
    vidutel: VidutelCommune @requires(fields: "code")
  }
  type VidutelCommune { coverage: Int points: [VidutelPoint!] }
  type VidutelPoint @key(fields: "id") { id: ID! name: String commune: Commune }
  type Query { vidutelPoints: [VidutelPoint!] }
  type Mutation { vidutelReport(text: String!): String }
  type Subscription { vidutelChanged: VidutelPoint }`;

const BANK = `
  type Commune @key(fields: "id") { id: ID! vidubank: VidubankCommune }
  type VidubankCommune { branches(kind: String): Int }
  type Query { vidubankTotal: Int }`;

const POINTS = [
  { id: 'p1', name: 'Bưu điện', commune: { id: 'c1' } },
  { id: 'p2', name: 'Chợ', commune: { id: 'c2' } },
];

export const telecom = () =>
  new Partner(
    'vidutel',
    TELECOM,
    { vidutelPoints: POINTS, vidutelReport: ({ text }) => text },
    {
      Commune: ({ id, code }) => ({
        vidutel: {
          coverage: Number(code) % 100,
          points: POINTS.filter((point) => point.commune.id === id),
        },
        id,
      }),
      VidutelPoint: ({ id }) => POINTS.find((point) => point.id === id),
    },
  );

export const bank = () =>
  new Partner(
    'vidubank',
    BANK,
    { vidubankTotal: 7 },
    { Commune: ({ id }) => ({ id, vidubank: { branches: Number(id.slice(1)) } }) },
  );

/** Across all three. */
export const ALL = `{ communes { id name vidutel { coverage points { name } } vidubank { branches } } }`;

/** What it answers. */
export const EVERYTHING = COMMUNES.map(({ id, name }, at) => ({
  id,
  name,
  vidutel: { coverage: [14, 17][at], points: [{ name: POINTS[at].name }] },
  vidubank: { branches: at + 1 },
}));

/** The same without what `partner` says. */
export const without = (partner) => EVERYTHING.map((commune) => ({ ...commune, [partner]: null }));

export class World {
  static async start(settings = {}) {
    const world = new World();
    world.api = await new Api().start();
    world.telecom = await telecom().start();
    world.bank = await bank().start();
    world.api.compose([world.telecom, world.bank], settings.urls);
    world.router = await world.restart(settings);
    return world;
  }

  /** A router before this world. */
  async restart(settings = {}) {
    const router = await Router.start({ registry: this.api.registry, key: KEY, ...settings });
    return settings.graphless ? router : router.serves(this.api.number);
  }

  async stop() {
    const all = [this.router, this.api, this.telecom, this.bank];
    await Promise.all(all.map((one) => one.stop()));
  }
}
