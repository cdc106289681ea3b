// What the proofs share: the people of the demonstration and something that happens.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

/** How long a client may wait for anything, in milliseconds. */
const PATIENCE = 20_000;

export const NEEDS = `subscription ($after: String) {
  needRaised(after: $after) { cursor need { id quantity } } }`;

export const WHO = '{ viewer { party { code } } }';

export const RAISE = `mutation ($input: RaiseNeedInput!) {
  raiseNeed(input: $input) { replayed need { id version } userErrors { code } } }`;

/** `telecom` watches, `officer` raises needs in a commune of the demonstration. */
export class World {
  static async of(people) {
    const world = new World();
    world.isOf(people);
    const { place, activityKind } = await world.officer.ask(`{
      place(by: { code: { code: "02014" } }) { id }
      activityKind(by: { code: "smartphones_handed_over" }) { id } }`);
    return Object.assign(world, { place: place.id, activity: activityKind.id });
  }

  isOf(people) {
    this.officer = people.officer;
    this.telecom = people['telecom-1'];
    this.url = this.officer.url;
  }

  get socketUrl() {
    return this.url.replace('http', 'ws');
  }

  /** The input for a need, with a key of its own. */
  need(quantity) {
    const { place: communeId, activity: activityId } = this;
    const dueOn = `${new Date().getFullYear() + 1}-12-31`;
    return { communeId, activityId, quantity, dueOn, idempotencyKey: randomUUID() };
  }

  /** A need that the officer raises; answers its id. */
  async raise(quantity) {
    return (await this.officer.act('raiseNeed', 'need { id }', this.need(quantity))).need.id;
  }

  /** A commitment that the telecom proposes; answers its id. */
  async propose(quantity) {
    const { placeId, activityId, dueOn } = { ...this.need(quantity), placeId: this.place };
    const commitment = { placeId, activityId, quantity, schedule: [{ dueOn, quantity }] };
    const input = { commitments: [commitment], idempotencyKey: randomUUID() };
    const made = await this.telecom.act('proposeCommitments', 'commitments { id }', input);
    return made.commitments[0].id;
  }

  /** A cursor of the telecom's at the end of the log. */
  async now() {
    let after = null;
    for (;;) {
      const { events } = await this.telecom.ask(
        'query ($after: String) { events(first: 1000, after: $after) { endCursor hasMore } }',
        { after },
      );
      if (!events.hasMore) {
        return events.endCursor;
      }
      after = events.endCursor;
    }
  }
}

/** Who somebody is, as headers and in `connection_init`. */
export function credentials({ token, party }) {
  return { authorization: `Bearer ${token}`, 'camket-party': party };
}

/** Proves something, or says what did not hold. */
export async function proof(what, prove) {
  await within(what, prove());
  console.log(`ok   ${what}`);
}

/** The `data` of the next answer of a stream. */
export async function next(stream) {
  const { done, value } = await within('the next answer', stream.next());
  assert.ok(!done, 'the stream ended');
  assert.equal(value.errors, undefined, JSON.stringify(value.errors));
  return value.data;
}

/** What is promised, which has to come within a time. */
export async function within(what, promise) {
  let late;
  const timeout = new Promise((_, failed) => {
    late = setTimeout(() => failed(new Error(`it does not come: ${what}`)), PATIENCE);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(late);
  }
}
