// Generated requests, signed in as everybody of the demonstration and as the public, to a server that
// it starts: GraphQL at /graphql, and persisted operations as /operations/openapi.json describes
// them. Everybody asks at the same time, for the given seconds. It fails on what schemathesis finds
// wrong and on what hooks.py finds in an answer. The arguments are the `camket` to start, the
// seconds, and `schemathesis` (PyPI, 4.32.5) where it is not on the path.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { started } from '../live/kit.mjs';

const [camket, seconds, schemathesis = 'schemathesis'] = process.argv.slice(2);
if (!camket || !seconds) {
  throw new Error('usage: node run.mjs path/to/camket seconds [path/to/schemathesis]');
}
const here = import.meta.dirname;
const data = await mkdtemp(join(tmpdir(), 'camket-schemathesis-'));
const server = await started(data);
try {
  const people = Object.values(server.people);
  const graph = people[0].url;
  const operations = graph.replace(/graphql$/, 'operations/openapi.json');
  const runs = [];
  for (const person of [...people, { subject: 'public' }]) {
    // Without introspection the public has no schema to generate from.
    if (person.token) runs.push(run(person, 'graphql', graph));
    runs.push(run(person, 'operations', operations));
  }
  for (const { name, code, said } of await Promise.all(runs)) {
    const cases = said.match(/^\s*\d[\d,]* generated.*$/m)?.[0].trim() ?? said.trim().split('\n').at(-1);
    console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name}: ${cases}`);
    if (code !== 0) {
      console.log(said);
      process.exitCode = 1;
    }
  }
} finally {
  await server.stop();
  await rm(data, { recursive: true });
}

function run({ subject, party, token }, what, url) {
  const headers = { 'GraphQL-Require-Preflight': '1' };
  if (token) Object.assign(headers, { Authorization: `Bearer ${token}` });
  if (token && party !== '-') Object.assign(headers, { 'Camket-Party': party });
  const options = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  // Of a document it only knows that it fits the schema: that it is refused is no fault.
  const checks = what === 'graphql' ? ['--checks', 'nothing_internal'] : ['--continue-on-failure'];
  const child = spawn(
    schemathesis,
    ['run', url, ...options, ...checks, '--max-time', seconds, '--phases', 'fuzzing', '--no-color'],
    { cwd: here, env: { ...process.env, SCHEMATHESIS_HOOKS: 'hooks', PYTHONPATH: here } },
  );
  let said = '';
  child.stdout.on('data', (text) => (said += text));
  child.stderr.on('data', (text) => (said += text));
  return new Promise((ended) =>
    child.once('close', (code) => ended({ name: `${subject}, ${what}`, code, said })),
  );
}
