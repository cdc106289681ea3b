// From a need to a closed commitment, as six parties live it on a running server, and goods that
// pass through the Front's fund. Exits non-zero at the first deviation.
//
//   cargo build && node tests/live/ledger.mjs [target/debug/camket]

import { head, inDemonstration, key, progress, same } from './kit.mjs';

const DELIVERIES = 'deliveries { id version state } replayed';

await inDemonstration(async (people) => {
  const world = await look(people.officer);
  await story(people, world);
  await fund(people, world);
});

/** Ids of the demonstration that the story needs, and its days. */
async function look(person) {
  const { viewer, place, activityKind, front } = await person.ask(`{
    viewer { today }
    place(by: { code: { code: "02014" } }) { id }
    activityKind(by: { code: "smartphones_handed_over" }) { id }
    front: party(by: { code: "MTTQ-19-2025" }) { id }
  }`);
  const today = viewer.today;
  const dueOn = `${Number(today.slice(0, 4)) + 1}-12-31`;
  return { today, dueOn, commune: place.id, phones: activityKind.id, front: front.id };
}

async function story({ officer, bank, coordinator, department, leadership, ...people }, world) {
  const telecom = people['telecom-1'];
  const { today, dueOn, commune, phones } = world;
  head('need → promise → deliveries → verification → amendment → close');
  const { need } = await officer.act('raiseNeed', 'need { id met }', {
    communeId: commune, activityId: phones, quantity: '140', dueOn, idempotencyKey: key(),
  });
  const promise = { quantity: '140', schedule: [{ dueOn, quantity: '140' }] };
  const { commitments } = await telecom.act('proposeCommitments', 'commitments { id }', {
    commitments: [{ placeId: commune, activityId: phones, needId: need.id, ...promise }],
    idempotencyKey: key(),
  });
  const id = commitments[0].id;
  const state = (who, step, figures, health) => progress(who, id, step, figures, health);
  await state(telecom, 'proposed', [140, 0, 0, 0, 0, 0], null);
  await telecom.isRefused('OWN_MATTER', 'acceptCommitment', 'commitment { id }', { id, expectedVersion: 1 });
  await officer.act('acceptCommitment', 'commitment { id }', { id, expectedVersion: 1 });
  await state(officer, 'accepted', [140, 0, 0, 0, 0, 0], 'NOT_STARTED');

  const row = (quantity, at) => ({
    commitmentId: id, communeId: commune, quantity: `${quantity}`, deliveredOn: today,
    externalReference: `LIVE-${at}`,
  });
  const rows = Array.from({ length: 100 }, (_, at) => row(at < 99 ? 1 : 40, at));
  const batch = { deliveries: rows, idempotencyKey: key() };
  const first = await telecom.act('recordDeliveries', DELIVERIES, batch);
  same('replayed', first.replayed, false);
  await state(officer, '100 deliveries in one batch', [140, 139, 0, 139, 0, 0], 'ON_TRACK');
  const again = await telecom.act('recordDeliveries', DELIVERIES, batch);
  same('replayed', again.replayed, true);
  same('the same batch again', again.deliveries, first.deliveries);
  await state(officer, 'the same batch again, replayed', [140, 139, 0, 139, 0, 0], 'ON_TRACK');

  const confirm = (from, to) => ({
    deliveries: first.deliveries.slice(from, to).map(({ id }) => ({ id, expectedVersion: 1 })),
    idempotencyKey: key(),
  });
  await telecom.isRefused('OWN_MATTER', 'confirmDeliveries', DELIVERIES, confirm(0, 60));
  await officer.act('confirmDeliveries', DELIVERIES, confirm(0, 60));
  await state(department, '60 confirmed', [140, 139, 60, 79, 0, 0], 'ON_TRACK');
  await officer.act('confirmDeliveries', DELIVERIES, confirm(60, 99));
  await state(coordinator, '39 confirmed', [140, 139, 99, 40, 0, 0], 'ON_TRACK');

  const last = first.deliveries[99].id;
  await officer.act('disputeDelivery', 'delivery { received }', {
    id: last, expectedVersion: 1, figure: '37', reason: 'Biên bản ghi 40, xã đếm được 37',
    idempotencyKey: key(),
  });
  await state(leadership, '"40, we counted 37"', [140, 139, 99, 0, 40, 3], 'ON_TRACK');
  const agreed = await telecom.act('agreeDelivery', 'delivery { state quantity received agreed }', {
    id: last, expectedVersion: 2, idempotencyKey: key(),
  });
  same('all figures stay', agreed.delivery, { state: 'SETTLED', quantity: '40', received: '37', agreed: '37' });
  await state(telecom, 'agreed on 37', [140, 139, 136, 0, 0, 3], 'ON_TRACK');

  await telecom.isRefused('NOT_FULFILLED', 'closeCommitment', 'commitment { id }', { id, expectedVersion: 2 });
  const amendment = await amend(telecom, id, world);
  await state(officer, 'amended to 136, pending', [140, 139, 136, 0, 0, 3], 'ON_TRACK');
  await officer.act('acceptAmendment', 'commitment { quantity }', { id: amendment, expectedVersion: 3 });
  await state(officer, 'amendment accepted', [136, 139, 136, 0, 0, 3], 'FULFILLED');
  await officer.act('closeCommitment', 'commitment { status }', { id, expectedVersion: 4 });
  await state(telecom, 'closed', [136, 139, 136, 0, 0, 3], 'FULFILLED');

  const ask = 'query ($id: ID!) { commitment(by: { id: $id }) { id } }';
  same('what a rival sees', (await bank.ask(ask, { id })).commitment, null);
  const { need: seen } = await officer.ask('query ($id: ID!) { need(by: { id: $id }) { met } }', { id: need.id });
  same('the need of 140 is met by 136', seen.met, false);
}

/** The giver lowers its promise to 136 under a letter of its own; answers the amendment. */
async function amend(telecom, id, { today, dueOn }) {
  const { party } = await telecom.ask('{ party(by: { code: "VT-MAU-1" }) { id } }');
  const { document } = await telecom.act('defineDocument', 'document { id }', {
    issuerId: party.id, reference: '99/VTM1', issuedOn: today, kind: 'LETTER', force: 'AGREES',
    title: 'Thư điều chỉnh (ví dụ)', idempotencyKey: key(),
  });
  const { commitment } = await telecom.act(
    'amendCommitment',
    'commitment { quantity amendments { id state } }',
    {
      id, expectedVersion: 2, documentId: document.id, reason: 'Thống nhất lại số lượng',
      quantity: '136', schedule: [{ dueOn, quantity: '136' }], idempotencyKey: key(),
    },
  );
  same('lowering waits', [commitment.quantity, commitment.amendments[0].state], ['140', 'PENDING']);
  return commitment.amendments[0].id;
}

async function fund({ officer, front, ...people }, { today, dueOn, commune, phones, front: carrierId }) {
  const telecom = people['telecom-1'];
  head('telecom 40 → Front 40 → commune 40 is 40');
  const { commitments } = await telecom.act('proposeCommitments', 'commitments { id }', {
    commitments: [{
      placeId: commune, activityId: phones, carrierId, quantity: '40',
      schedule: [{ dueOn, quantity: '40' }],
    }],
    idempotencyKey: key(),
  });
  const id = commitments[0].id;
  const state = (who, step, figures, health) => progress(who, id, step, figures, health);
  await officer.act('acceptCommitment', 'commitment { id }', { id, expectedVersion: 1 });
  const to = { commitmentId: id, stage: 'TO_CARRIER', quantity: '40', deliveredOn: today };
  const given = await telecom.act('recordDeliveries', DELIVERIES, { deliveries: [to], idempotencyKey: key() });
  const source = given.deliveries[0].id;
  const hand = (quantity) => ({
    deliveries: [{
      drawnFromId: source, stage: 'HANDED_OVER', communeId: commune, quantity: `${quantity}`,
      deliveredOn: today,
    }],
    idempotencyKey: key(),
  });
  await state(front, 'telecom gave 40 to the Front', [40, 0, 0, 0, 0, 0], 'NOT_STARTED');
  await front.isRefused('EXCEEDS_AVAILABLE', 'recordDeliveries', DELIVERIES, hand(1));
  const confirm = (id) => ({ deliveries: [{ id, expectedVersion: 1 }], idempotencyKey: key() });
  await front.act('confirmDeliveries', DELIVERIES, confirm(source));
  await state(front, 'the Front confirmed 40', [40, 0, 0, 0, 0, 0], 'NOT_STARTED');

  const over = await front.act('recordDeliveries', DELIVERIES, hand(40));
  await state(officer, 'the Front handed over 40', [40, 40, 0, 40, 0, 0], 'AWAITING_VERIFICATION');
  await front.isRefused('EXCEEDS_AVAILABLE', 'recordDeliveries', DELIVERIES, hand(1));
  await officer.act('confirmDeliveries', DELIVERIES, confirm(over.deliveries[0].id));
  await state(telecom, 'the commune confirmed 40', [40, 40, 40, 0, 0, 0], 'FULFILLED');

  const { delivery } = await officer.ask(
    'query ($id: ID!) { delivery(by: { id: $id }) { giver { code } via { code } stage } }',
    { id: over.deliveries[0].id },
  );
  const credited = { giver: { code: 'VT-MAU-1' }, via: { code: 'MTTQ-19-2025' }, stage: 'HANDED_OVER' };
  same('credited to the telecom, via the Front', delivery, credited);
}
