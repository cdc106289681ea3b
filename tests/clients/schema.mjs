// npm graphql: the query by which tools ask for the schema is answered, and nothing published is missing.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import {
  buildClientSchema, buildSchema, findBreakingChanges, getIntrospectionQuery,
} from 'graphql';

import { proof } from './world.mjs';

export async function schema({ telecom }) {
  const published = new URL('../../api/schema.graphql', import.meta.url);
  await proof('graphql: what tools ask the schema by is answered', async () => {
    const everything = {
      specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true,
      inputValueDeprecation: true, oneOf: true,
    };
    const told = await telecom.ask(getIntrospectionQuery(everything));
    const [is, must] = [buildClientSchema(told), buildSchema(await readFile(published, 'utf8'))];
    assert.deepEqual(findBreakingChanges(must, is), []);
  });
}
