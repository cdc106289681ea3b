// Partners that fail, and partners that say more than is theirs: what they break is their own.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';

import { until } from './router.mjs';
import { ALL, EVERYTHING, World, without } from './world.mjs';
import { say } from './wire.mjs';

let world;
before(async () => (world = await World.start()));
after(() => world.stop());
afterEach(async () => {
  world.telecom.behave();
  await world.telecom.start().catch(() => {});
  await recovered();
});

/** Waits until the telecom is asked again after its failures. */
async function recovered() {
  await until('the telecom is asked again', async () => !(await world.router.ask(ALL)).errors);
}

/** Asks across all three; the telecom's fields have to be null with an error each, of `code`. */
async function withoutTelecom(code) {
  const begun = performance.now();
  const { data, errors } = await world.router.ask(ALL);
  const took = performance.now() - begun;
  assert.deepEqual(data.communes, without('vidutel'));
  const paths = errors.map(({ path }) => path);
  assert.deepEqual(paths, [
    ['communes', 0, 'vidutel'],
    ['communes', 1, 'vidutel'],
  ]);
  for (const { extensions } of errors) {
    assert.deepEqual(extensions, {
      code,
      service: 'vidutel',
      ...(extensions.affectedPath && { affectedPath: extensions.affectedPath }),
    });
  }
  return { took, message: errors[0].message };
}

const answering = (body, status = 200, headers = {}) => {
  return (_, response) => say(response, body, status, headers);
};

const entities = (...list) => answering({ data: { _entities: list } });

test('a dead partner', async () => {
  await world.telecom.stop();

  const { took, message } = await withoutTelecom('UNAVAILABLE');

  assert.ok(took < 2000, `${took} ms`);
  assert.equal(message, 'vidutel cannot be reached');
});

test('a partner that never answers, and one that drips a byte a second', async () => {
  const drip = (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '), 1000);
    response.on('close', () => clearInterval(timer));
  };
  for (const behaviour of [() => {}, drip]) {
    world.telecom.behave(behaviour);

    const { took, message } = await withoutTelecom('TIMEOUT');

    assert.ok(took > 4900 && took < 6500, `${took} ms`);
    assert.equal(message, 'vidutel did not answer in time');
  }
});

test('a partner that fails again and again is left alone, and is asked again later', async () => {
  world.telecom.behave(() => {});
  const asking = Array.from({ length: 5 }, () => withoutTelecom('TIMEOUT'));
  await Promise.all(asking);
  world.telecom.behave();
  world.telecom.forget();

  const { took, message } = await withoutTelecom('UNAVAILABLE');

  assert.ok(took < 1000, `${took} ms`);
  assert.match(message, /fails; it is tried again/);
  assert.equal(world.telecom.requests.length, 0);
  assert.ok(!(await world.router.ask('{ vidubankTotal }')).errors, 'others are asked');
  await recovered();
});

const RUBBISH = {
  html: answering('<html>', 200, { 'content-type': 'text/html' }),
  'html that is called JSON': answering('<html>'),
  'no JSON': answering('{"data":{"_entities":['),
  'neither data nor errors': answering({}),
  nothing: answering(''),
  'a list': answering([]),
  'another type': answering(JSON.stringify({ data: {} }), 200, { 'content-type': 'text/plain' }),
  compressed: answering('{"data":{"_entities":[null,null]}}', 200, { 'content-encoding': 'gzip' }),
  'what nests without end': answering(`{"data":{"_entities":${'['.repeat(200_000)}`),
  'a server error': answering({ data: { _entities: [null, null] } }, 500),
  'too much': answering({ data: { _entities: [null, 'x'.repeat(9_000_000)] } }),
  'a redirection': (request, response) => {
    response.writeHead(307, { location: world.bank.url }).end();
  },
  'half an answer': (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 });
    response.write('{"data"');
    setTimeout(() => response.destroy(), 50);
  },
};

for (const [what, behaviour] of Object.entries(RUBBISH)) {
  test(`a partner that answers ${what}`, async () => {
    world.bank.forget();
    world.telecom.behave(behaviour);

    await withoutTelecom('UNAVAILABLE');

    assert.equal(world.bank.requests.length, 1, 'nobody was led elsewhere');
  });
}

const WRONG = {
  'about fewer objects': entities({ vidutel: { coverage: 1 } }),
  'about more objects': entities({}, {}, {}),
  'with something else': answering({ data: { _entities: 'all' } }),
  'with texts for objects': entities('a', 'b'),
};

for (const [what, behaviour] of Object.entries(WRONG)) {
  test(`a partner that answers ${what}`, async () => {
    world.telecom.behave(behaviour);
    const { data, errors } = await world.router.ask(ALL);

    assert.deepEqual(data.communes, without('vidutel'));
    assert.equal(errors.length, 2);
    assert.ok(
      errors.every(({ path }) => path[0] === 'communes'),
      JSON.stringify(errors),
    );
  });
}

test('a partner cannot write over the fields of others', async () => {
  const theirs = { coverage: 1, points: [] };
  world.telecom.behave(
    answering({
      data: {
        _entities: [
          {
            __typename: 'Commune',
            id: 'c2',
            name: 'Taken over',
            code: '99999',
            vidutel: theirs,
            vidubank: { branches: 999 },
          },
          { __typename: 'VidutelPoint', id: 'p1', name: 'Taken over', vidutel: theirs },
        ],
        communes: [{ id: 'x', name: 'Taken over' }],
        asker: { authorization: 'Taken over' },
      },
      errors: [{ message: 'api is broken', path: ['communes', 0, 'name'] }],
      extensions: { cost: 'Taken over' },
    }),
  );

  const answer = await world.router.ask(ALL);

  const expected = EVERYTHING.map((commune) => ({ ...commune, vidutel: theirs }));
  assert.deepEqual(answer.data, { communes: expected });
  assert.equal(answer.extensions, undefined);
  assert.ok(
    answer.errors.every(({ path }) => path[2] === 'vidutel'),
    JSON.stringify(answer.errors),
  );
});

test('a partner that answers with other types than it published', async () => {
  const points = [{ name: 'Chợ' }];
  world.telecom.behave(
    entities(
      { vidutel: { coverage: { a: 1 }, points } },
      { vidutel: { coverage: 1, points: points[0] } },
    ),
  );

  const { data, errors } = await world.router.ask(ALL);

  assert.deepEqual(
    data.communes.map(({ vidutel }) => vidutel),
    [
      { coverage: null, points },
      { coverage: 1, points: null },
    ],
  );
  assert.deepEqual(
    errors.map(({ path }) => path),
    [
      ['communes', 0, 'vidutel', 'coverage'],
      ['communes', 1, 'vidutel', 'points'],
    ],
  );
});

test('what a partner says of its errors is passed on, shortened', async () => {
  world.telecom.behave(
    answering({
      data: { _entities: [{ vidutel: null }, { vidutel: { coverage: 5, points: null } }] },
      errors: [
        {
          message: 'đang bảo trì\n',
          path: ['_entities', 0, 'vidutel'],
          locations: [{ line: 1, column: 1 }],
          extensions: { code: 'MAINTENANCE', traceId: 'v-1', stack: 'secret', service: 'api' },
        },
        { message: 'x'.repeat(5000), path: ['_entities', 1, 'vidutel', 'points'] },
      ],
    }),
  );

  const { data, errors } = await world.router.ask(ALL);

  assert.deepEqual(
    data.communes.map(({ vidutel }) => vidutel),
    [null, { coverage: 5, points: null }],
  );
  assert.deepEqual(errors[0], {
    message: 'đang bảo trì ',
    path: ['communes', 0, 'vidutel'],
    extensions: { code: 'MAINTENANCE', traceId: 'v-1', service: 'vidutel' },
  });
  assert.deepEqual(errors[1].path, ['communes', 1, 'vidutel', 'points']);
  assert.equal(errors[1].message.length, 1000);
  assert.equal(errors[1].extensions.service, 'vidutel');
});

test('a partner that refuses the statement says so at its fields', async () => {
  world.telecom.behave(answering({ errors: [{ message: 'who?' }] }, 401));
  const { message } = await withoutTelecom('DOWNSTREAM_SERVICE_ERROR');

  assert.equal(message, 'who?');
});

test('more requests than a partner may have are not sent', async () => {
  const waiting = [];
  world.telecom.behave((request, response) =>
    waiting.push(() => world.telecom.properly(request, response)),
  );
  const many = Array.from({ length: 105 }, (_, at) =>
    world.router.ask(`{ vidutelPoints { id a${at}: name } }`),
  );
  await until('the telecom has what it may have', () => waiting.length === 100);
  await new Promise((later) => setTimeout(later, 500));
  waiting.forEach((answer) => answer());

  const answers = await Promise.all(many);

  const busy = answers.filter(
    ({ errors }) => errors?.[0].message === 'vidutel has too many requests',
  );
  assert.equal(busy.length, 5);
  assert.equal(waiting.length, 100);
});
