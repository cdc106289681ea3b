// What `scripts/federated-demo` shows: two partners join the graph, one query goes across all three,
// and a subscription through the router tells what happens at `api`.

import { key } from '../live/kit.mjs';
import { Federation, PARTNERS } from './world.mjs';

const TELECOM_AND_BANK = ['vidutel', 'vidubank'];

const ACROSS = `query AcrossThree {
  places(first: 3, filter: { code: { in: ["02014", "02071", "01912"] } }) {
    nodes {
      code
      name
      ... on Commune {
        vidutel { asOf percent4G wifiPoints(first: 1) { name megabits } }
        vidubank { acceptancePointCount branches { name } }
      }
    }
  }
}`;

const FOLLOWS = `subscription { events { event { type subject { id } } } }`;

const say = (title) => console.log(`\n# ${title}`);
const show = (what) => console.log(JSON.stringify(what, null, 2));

const world = await Federation.start(...TELECOM_AND_BANK);
try {
  say(`api with its registry: ${world.api.url}`);
  for (const prefix of TELECOM_AND_BANK) {
    const { party, manager } = PARTNERS[prefix];
    say(`${prefix}, of ${party}, at ${world.running[prefix].url}`);
    const before = await world.check(prefix);
    console.log(`checked by ${manager} before anything is granted:`);
    for (const { code, message } of before.problems) console.log(`  ${code}: ${message}`);
    await world.grant(prefix);
    const { subgraph, check } = await world.publish(prefix);
    const needs = check.approvalsNeeded.map(({ kind, value }) => `${kind} ${value}`).join(', ');
    console.log(`granted; published by ${manager}; waits for approval of ${needs}`);
    await world.approve(subgraph);
    console.log(`approved by coordinator; graph ${await world.number()} is served`);
  }
  const router = await world.route();
  say(`the router: ${router.url}`);
  console.log(ACROSS);
  const answer = await router.ask(ACROSS);
  show({ data: answer.data, errors: answer.errors });
  if (answer.errors) throw new Error('there should be no errors');

  say('a subscription through the router, as the coordinator');
  console.log(FOLLOWS);
  const { coordinator, officer } = world.people;
  const headers = { authorization: `Bearer ${coordinator.token}`, 'camket-party': coordinator.party };
  const events = router.events(FOLLOWS, headers);
  const first = events.next();
  // An event that is told: somebody writes while the subscription listens.
  const acts = setInterval(() => writeSomething(officer).catch(() => {}), 1000);
  const { value: event } = await first;
  clearInterval(acts);
  show(event);
  if (event.errors) throw new Error('there should be no errors');
  await events.return();
} finally {
  await world.stop();
}

async function writeSomething(officer) {
  const { places, activityKinds } = await officer.ask(`{
    places(first: 1, filter: { code: { eq: "02014" } }) { nodes { id } }
    activityKinds(first: 1) { nodes { id } } }`);
  const need = {
    communeId: places.nodes[0].id,
    activityId: activityKinds.nodes[0].id,
    quantity: '1',
    dueOn: '2027-12-31',
    idempotencyKey: key(),
  };
  await officer.try('raiseNeed', 'need { id }', need);
}
