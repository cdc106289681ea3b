// Composes subgraphs, each `NAME=FILE` with its SDL, by Apollo's composer and by The Guild's. Prints
// what both say as JSON, with the supergraphs, and fails where one has an error or a hint.
import { readFileSync } from 'node:fs';
import apollo from '@apollo/composition';
import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';

const subgraphs = process.argv.slice(2).map((named) => {
  const [name, file] = named.split(/=(.*)/s);
  if (!file) {
    throw new Error('usage: node compose.mjs NAME=FILE …');
  }
  const typeDefs = parse(readFileSync(file, 'utf8'));
  return { name, url: `http://${name}.invalid/graphql`, typeDefs };
});
const report = {
  apollo: told(apollo.composeServices(subgraphs)),
  guild: told(composeServices(subgraphs)),
};
console.log(JSON.stringify(report));
const complaints = Object.values(report).flatMap(({ errors, hints }) => [...errors, ...hints]);
process.exitCode = complaints.length === 0 ? 0 : 1;

/** What a composer says; The Guild's has no hints. */
function told({ errors = [], hints = [], supergraphSdl = null }) {
  return {
    errors: errors.map((error) => error.message),
    hints: hints.map((hint) => hint.toString()),
    supergraph: supergraphSdl,
  };
}
