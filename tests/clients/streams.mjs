// What holds on every transport that carries more than one answer, by whichever library.
import assert from 'node:assert/strict';

import { NEEDS, RAISE, WHO, next, proof } from './world.mjs';

/** One answer, one of a change that is sent twice, and many; `connect` makes somebody's client. */
export async function answers(library, world, connect) {
  const { telecom, officer } = world;
  const client = connect(world, telecom);
  await proof(`${library}: a query`, async () => {
    const answer = await next(client.iterate({ query: WHO }));
    assert.equal(answer.viewer.party.code, telecom.party);
  });
  await proof(`${library}: a mutation with a key, twice, is done once`, async () => {
    const raises = connect(world, officer);
    const request = { query: RAISE, variables: { input: world.need('3') } };
    const first = (await next(raises.iterate(request))).raiseNeed;
    const second = (await next(raises.iterate(request))).raiseNeed;
    assert.deepEqual([first.replayed, second.replayed], [false, true]);
    assert.equal(first.need.id, second.need.id);
    await raises.dispose();
  });
  await proof(`${library}: a subscription is told what another party did`, async () => {
    const after = await world.now();
    const needs = client.iterate({ query: NEEDS, variables: { after } });
    const id = await world.raise('4');
    assert.equal((await next(needs)).needRaised.need.id, id);
    await needs.return();
  });
  await client.dispose();
}
