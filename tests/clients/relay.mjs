// npm relay-compiler: documents as Relay wants them compile against the schema that is published.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { proof } from './world.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

export async function relay(scratch) {
  const project = join(scratch, 'relay');
  const [made, src] = [join(project, 'made'), join(project, 'src')];
  await cp(here('relay'), src, { recursive: true });
  await cp(here('../../api/schema.graphql'), join(project, 'schema.graphql'));
  await mkdir(made);
  const config = {
    src: './src', schema: './schema.graphql', language: 'javascript', artifactDirectory: './made',
  };
  await writeFile(join(project, 'relay.config.json'), JSON.stringify(config));
  const compiler = join(createRequire(import.meta.url).resolve('relay-compiler/package.json'), '..');
  await proof('relay-compiler: fragments, connections, refetching, edges of mutations', async () => {
    const cli = join(compiler, 'cli.js');
    const config = join(project, 'relay.config.json');
    await promisify(execFile)(process.execPath, [cli, config], { cwd: project });
    const artifacts = (await readdir(made)).map((name) => name.replace('.graphql.js', ''));
    assert.deepEqual(artifacts.sort(), [
      'CommitmentDeliveriesRefetch', 'CommitmentPageQuery', 'CommitmentPage_commitment',
      'CommitmentPage_deliveries', 'NotesChangedSubscription', 'NotesDoneMutation', 'NotesQuery',
      'NotesRefetch', 'NotesWriteMutation', 'Notes_note', 'Notes_query',
    ]);
  });
}
