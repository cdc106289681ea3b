// PyPI gql, in an environment of its own that is gone afterwards.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { credentials } from './world.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

export async function python(world, scratch) {
  const environment = join(scratch, 'python');
  await run('python3', ['-m', 'venv', environment]);
  const program = join(environment, 'bin', 'python');
  const quiet = ['--quiet', '--disable-pip-version-check'];
  await run(program, ['-m', 'pip', 'install', ...quiet, '-r', here('gql/requirements.txt')]);
  const { url, socketUrl, telecom, officer } = world;
  const [reader, writer] = [credentials(telecom), credentials(officer)];
  const after = await world.now();
  const told = { url, socketUrl, reader, writer, after, need: world.need('10') };
  await run(program, [here('gql/main.py')], JSON.stringify(told));
}

/** Runs a program to its end, which must be a good one. */
async function run(program, options, input = '') {
  const child = spawn(program, options, { stdio: ['pipe', 'inherit', 'inherit'] });
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  assert.equal(code, 0, `${program} ${options.join(' ')}`);
}
