// Runs every snippet of docs/integrating.md and of its pages for Python and TypeScript, in order, each
// page on a fresh `camket dev`, and compares what they print with the block that follows. Programs
// reach the server over a rough road that loses answers and cuts streams. The one argument is the
// `camket` to start.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { blocks } from './blocks.mjs';
import { Expected } from './expected.mjs';
import { limits } from './limits.mjs';
import { RoughRoad } from './rough.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const DOCS = resolve(HERE, '../../docs');
const PATIENCE_MS = 60_000;

const [camket] = process.argv.slice(2);
if (!camket) {
  throw new Error('usage: node run.mjs path/to/camket');
}
const guide = await blocks(join(DOCS, 'integrating.md'));
try {
  console.log(`${await limits(join(DOCS, 'integrating.md'))} limits are those of the configuration`);
  await onFreshServer('curl', guide);
  const once = guide.filter((block) => block.isOnce);
  for (const page of ['python', 'typescript']) {
    await onFreshServer(page, [...once, ...(await blocks(join(DOCS, `integrating/${page}.md`)))]);
  }
  console.log('all as the guide says');
} catch (deviation) {
  console.error(deviation.message);
  process.exitCode = 1;
}

/** Runs blocks one after the other, in one directory and with one environment. */
async function onFreshServer(page, blocks) {
  const directory = await mkdtemp(join(tmpdir(), 'camket-guide-'));
  const server = spawn(camket, ['dev', '--port', '0', '--data', join(directory, 'data')], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise((done) => server.once('close', done));
  let road;
  try {
    const { url, bank } = await said(server);
    road = await RoughRoad.to(url);
    const work = join(directory, 'work');
    await mkdir(work);
    await symlink(join(HERE, 'node_modules'), join(work, 'node_modules'));
    await writeFile(join(work, 'package.json'), '{ "type": "module" }');
    const { PATH, HOME } = process.env;
    const environment = { PATH, HOME, CAMKET_URL: url, CAMKET_MANAGER: bank, PYTHONUTF8: '1' };
    for (const block of blocks) {
      await run(block, work, environment, road);
      console.log(`ok   ${page}: ${block.title}`);
    }
    road.check();
  } finally {
    road?.close();
    server.kill();
    await ended;
    await rm(directory, { recursive: true });
  }
}

/** The address that `camket dev` prints, and the token of the bank's manager. */
async function said(server) {
  let url;
  let bank;
  for await (const line of createInterface({ input: server.stdout })) {
    url ??= line.match(/http:\/\/[^/\s]+/)?.[0];
    bank ??= line.match(/^bank .*(ckp_\S+)/)?.[1];
    // The last of the requests that it shows: everything has been said.
    if (line.startsWith('# 4.')) break;
  }
  if (!url || !bank) throw new Error('camket dev did not start');
  // What nobody reads would stop it.
  server.stdout.resume();
  return { url, bank };
}

async function run(block, work, environment, road) {
  if (block.file) {
    await writeFile(join(work, block.file), block.text);
  }
  if (!block.answer) {
    if (block.file) return;
    throw new Error(`${block.title}: nothing says what it prints`);
  }
  const takesRoughRoad = block.language !== 'sh' || block.text.includes('--retry ');
  const env = { ...environment, ...(takesRoughRoad && { CAMKET_URL: road.url }) };
  road.losesAnswers = block.language !== 'sh';
  const expected = new Expected(block.answer);
  const printed = await output(await command(block, work), work, env, expected);
  const found = expected.compare(printed);
  if (!found) {
    throw new Error(`${block.title} prints\n${printed}\nwhere the guide says\n${block.answer}`);
  }
  Object.assign(environment, found);
}

/** What runs a block. TypeScript is checked and translated first. */
async function command({ language, file, text }, work) {
  switch (language) {
    case 'sh':
      return ['bash', '-euo', 'pipefail', '-c', text];
    case 'python':
      return ['python3', '-W', 'error', file];
    case 'ts': {
      const tsc = join(HERE, 'node_modules/typescript/bin/tsc');
      const options = ['--strict', '--noUnusedLocals', '--erasableSyntaxOnly', '--skipLibCheck',
        '--rewriteRelativeImportExtensions', '--target', 'es2022', '--module', 'nodenext'];
      await output([process.execPath, tsc, ...options, file], work, process.env);
      return [process.execPath, file.replace(/ts$/, 'js')];
    }
    default:
      throw new Error(`nothing runs ${language}`);
  }
}

/** What a command prints until it ends well, or has printed what one that never ends should. */
function output([program, ...args], cwd, env, expected) {
  return new Promise((done, failed) => {
    const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const stop = () => process.kill(-child.pid, 'SIGKILL');
    const late = setTimeout(stop, PATIENCE_MS);
    let printed = '';
    let complained = '';
    let isEnough = false;
    child.stdout.on('data', (data) => {
      printed += data;
      if (expected?.isEndless && !isEnough && expected.compare(printed)) {
        isEnough = true;
        stop();
      }
    });
    child.stderr.on('data', (data) => (complained += data));
    child.once('error', failed);
    child.once('close', (code, signal) => {
      clearTimeout(late);
      if (isEnough || (code === 0 && !expected?.isEndless)) return done(printed);
      failed(new Error(`${program} ${args.at(-1)}: ${signal ?? code}\n${printed}\n${complained}`));
    });
  });
}
