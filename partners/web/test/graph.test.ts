import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { test } from 'node:test';
import { MAX_BODY } from '../src/app.js';
import { province } from './kit.js';

const ENTITIES = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on Commune { code viduweb { visits } } }
}`;
const commune = (code: string, validFrom = '2025-07-01') => ({ __typename: 'Commune', code, validFrom });

test('what is published is what is answered', async (t) => {
  const { ask, end } = await province();
  t.after(end);

  const answer = await ask('{ _service { sdl } }');

  const file = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8');
  assert.deepEqual(answer, { data: { _service: { sdl: file } } });
});

test('entities keep their order and number', async (t) => {
  const { ask, end } = await province();
  t.after(end);
  const representations = [
    commune('01912'),
    commune('99999'),
    commune('01912', '2023-01-01'),
    commune('01864'),
  ];

  const answer = await ask(ENTITIES, { representations });

  assert.deepEqual(answer.data._entities, [
    { code: '01912', viduweb: { visits: 980 } },
    null,
    null,
    { code: '01864', viduweb: { visits: 310 } },
  ]);
  assert.equal(answer.errors, undefined);
});

test('a malformed representation nulls itself only', async (t) => {
  const { ask, end } = await province();
  t.after(end);
  const bad = [
    { __typename: 'Document', id: 'd1' },
    { code: '01912', validFrom: '2025-07-01' },
    { __typename: 'Commune', code: '01912' },
    { __typename: 'Commune', code: ['01912'], validFrom: '2025-07-01' },
    'Commune',
    7,
  ];

  const answer = await ask(ENTITIES, { representations: [commune('01912'), ...bad, commune('01912')] });

  const good = { code: '01912', viduweb: { visits: 980 } };
  assert.deepEqual(answer.data._entities, [good, ...bad.map(() => null), good]);
  const paths = answer.errors.map(({ path }: { path: unknown }) => path);
  assert.deepEqual(paths, bad.map((_, index) => ['_entities', index + 1]));
});

test('what is too much is refused', async (t) => {
  const { ask, send, statement, address, end } = await province();
  t.after(end);
  const deep = '{ fields { type '.repeat(9) + '{ name }' + ' } }'.repeat(9);
  const wide = Array.from({ length: 400 }, (_, n) => `a${n}: __typename`).join(' ');
  const questions: [RegExp, string][] = [
    [/depth/, `{ __type(name: "Query") ${deep} }`],
    [/tokens/, `{ ${wide} }`],
  ];

  for (const [why, question] of questions) {
    const answer = await ask(question);
    assert.match(answer.errors[0].message, why);
    assert.equal(answer.data, undefined);
  }
  const bearer = `Bearer ${await statement()}`;
  assert.equal((await send(' '.repeat(MAX_BODY + 1), bearer)).status, 413);
  assert.match(await withoutLength(address, bearer), /^HTTP\/1.1 411 /);
});

/** What a request gets that does not say how long it is. */
function withoutLength(address: string, bearer: string): Promise<string> {
  const socket = connect(Number(new URL(address).port), '127.0.0.1');
  const head = ['POST /graphql HTTP/1.1', 'host: x', 'content-type: application/json'];
  head.push(`authorization: ${bearer}`, 'transfer-encoding: chunked', '', '0', '', '');
  socket.write(head.join('\r\n'));
  return new Promise<string>((resolve, reject) => {
    socket.once('data', (data) => resolve(data.toString())).once('error', reject);
  }).finally(() => socket.destroy());
}
