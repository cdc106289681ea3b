// How the router answers a dozen operations: an upgrade of Hive Router shows here what it changes.
// With UPDATE_PLANS set, what it does now is written to plans.txt.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { written } from './plans.mjs';
import { World } from './world.mjs';

const OPERATIONS = `
query ApiAlone { communes { id name } }
query OnePartner { communes { vidubank { branches } } }
query BothPartners { communes { name vidutel { coverage } vidubank { branches } } }
query Granted { communes { vidutel { coverage } } }
query RootsOfAll { communes { id } vidutelPoints { id } vidubankTotal }
query FromAPartnerToApi { vidutelPoints { name commune { name } } }
query FromAPartnerByApiToAnother { vidutelPoints { commune { name vidubank { branches } } } }
query ThereAndBack { communes { vidutel { points { commune { vidutel { coverage } } } } } }
query Aliases { a: communes { x: vidubank { branches } y: vidubank { branches } } }
query Arguments($kind: String) { communes { vidubank { branches(kind: $kind) } } }
query Conditions($with: Boolean!) { communes { id vidutel @include(if: $with) { coverage } } }
query Fragments { communes { ...F } } fragment F on Commune { name vidutel { coverage } }
query Twice { a: communes { vidutel { coverage } } b: communes { vidutel { coverage } } }
mutation InOrder { note(text: "a") vidutelReport(text: "b") again: note(text: "c") }
subscription Events { communeChanged { name vidutel { coverage } vidubank { branches } } }
subscription EventsOfAPartner { vidutelChanged { name commune { name } } }`;

const FILE = new URL('./plans.txt', import.meta.url);

let world;
before(async () => (world = await World.start({ plans: true })));
after(() => world.stop());

test('operations are planned as they were', async () => {
  const plans = [];
  for (const operation of OPERATIONS.trim().split('\n')) {
    const plan = await world.router.plan(operation, { kind: 'ATM', with: true });
    plans.push(`${operation}\n\n${written(plan).replace(/^/gm, '    ')}\n`);
  }
  const now = plans.join('\n');

  if (process.env.UPDATE_PLANS) await writeFile(FILE, now);
  assert.equal(now, await readFile(FILE, 'utf8'));
});
