// Whether two documents of a subgraph say the same. Servers print a schema anew: in another order, without
// descriptions, extensions merged, defaults spelled out or left out, with the definitions of federation.

import { Kind, print, specifiedDirectives, specifiedScalarTypes } from "graphql";

import { schemaDocument } from "./read.js";

export function same([one, other]) {
  return meaning(schemaDocument(one)) === meaning(schemaDocument(other));
}

const SPECIFICATIONS = "https://specs.apollo.dev/";

/** Definitions of the language and of federation, which a server may print or not. */
const GIVEN = new Set([
  ...specifiedDirectives.map((directive) => `@${directive.name}`),
  ...specifiedScalarTypes.map((scalar) => scalar.name),
  ...["@link", "@core", "@key", "@requires", "@provides", "@external", "@extends", "@shareable"],
  ...["@inaccessible", "@override", "@tag", "@composeDirective", "@interfaceObject", "@authenticated"],
  ...["@requiresScopes", "@policy", "@cost", "@listSize", "@context", "@fromContext"],
  ...["_Any", "_FieldSet", "FieldSet"],
]);

/** A type that only federation may name so, and the fields that lead to it. */
const MACHINERY = new Set(["_Entity", "_Service"]);
const ENTRANCES = new Set(["_entities", "_service"]);

/** What a directive's arguments are where they are not given. */
const DEFAULTS = {
  key: { resolvable: "true" },
  deprecated: { reason: '"No longer supported"' },
};

const ROOTS = { query: "Query", mutation: "Mutation", subscription: "Subscription" };

/** All that a document says, as one text however it was written. */
function meaning(document) {
  const roots = rootsOf(document);
  const imports = importsOf(document);
  const told = new Map();
  for (const node of document.definitions) {
    if (!given(node, imports)) {
      const subject = subjectOf(node.kind.replace(/(Definition|Extension)$/, ""), node.name?.value);
      const facts = told.get(subject) ?? [];
      facts.push(...factsOf(node, node.name?.value === roots.query));
      told.set(subject, facts);
    }
  }
  // These may stand there only to carry what federation adds.
  for (const subject of [subjectOf("Schema"), subjectOf("ObjectType", roots.query)]) {
    if (told.get(subject)?.length === 0) {
      told.delete(subject);
    }
  }
  const all = [...told].map(([subject, facts]) => [subject, sorted(facts)]);
  return JSON.stringify([unusual(roots, told), sorted(all)]);
}

function rootsOf(document) {
  const roots = document.definitions.some((node) => node.kind === Kind.SCHEMA_DEFINITION) ? {} : { ...ROOTS };
  for (const node of document.definitions) {
    for (const { operation, type } of node.operationTypes ?? []) {
      roots[operation] = type.name.value;
    }
  }
  return roots;
}

/** The roots that are not what they are where nothing is said. */
function unusual(roots, told) {
  return Object.entries(ROOTS)
    .filter(([operation, usual]) => roots[operation] !== usual)
    .filter(([operation, usual]) => roots[operation] || told.has(subjectOf("ObjectType", usual)))
    .map(([operation]) => [operation, roots[operation]]);
}

function subjectOf(kind, name) {
  return JSON.stringify([kind, name]);
}

/** The names that come from a specification. */
function importsOf(document) {
  return new Set(
    document.definitions
      .filter((node) => node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION)
      .flatMap((node) => node.directives)
      .filter((node) => node.name.value === "link" && string(node, "url")?.startsWith(SPECIFICATIONS))
      .flatMap((node) => argument(node, "import")?.values ?? [])
      .map((each) => {
        const named = (name) => each.fields?.find((field) => field.name.value === name)?.value.value;
        return each.value ?? named("as") ?? named("name");
      }),
  );
}

function given(node, imports) {
  const name = node.name?.value;
  switch (node.kind) {
    case Kind.DIRECTIVE_DEFINITION:
      return GIVEN.has(`@${name}`) || imports.has(`@${name}`) || /^(federation|link)__/.test(name);
    case Kind.SCALAR_TYPE_DEFINITION:
    case Kind.ENUM_TYPE_DEFINITION:
      return GIVEN.has(name) || imports.has(name) || /^(federation|link)__/.test(name);
    default:
      return MACHINERY.has(name);
  }
}

/** Each thing that a definition or an extension says of its subject. */
function factsOf(node, isQuery) {
  return [
    ...directivesOf(node),
    ...(node.interfaces ?? []).map((each) => ["implements", each.name.value]),
    ...(node.types ?? []).map((each) => ["member", each.name.value]),
    ...(node.values ?? []).map((each) => ["value", each.name.value, sorted(directivesOf(each))]),
    ...(node.locations ?? []).map((each) => ["on", each.value]),
    ...(node.repeatable ? [["repeatable"]] : []),
    ...(node.arguments ?? []).map(fieldOf),
    ...(node.fields ?? []).filter((each) => !(isQuery && ENTRANCES.has(each.name.value))).map(fieldOf),
  ];
}

function fieldOf(node) {
  const { name, type, defaultValue } = node;
  return [
    "field",
    name.value,
    print(type),
    sorted((node.arguments ?? []).map(fieldOf)),
    sorted(directivesOf(node)),
    defaultValue ? valueOf(defaultValue) : null,
  ];
}

function directivesOf(node) {
  return (node.directives ?? [])
    .filter((each) => !saysNothing(each))
    .map((each) => ["directive", each.name.value, sorted(each.arguments.flatMap((given) => argumentOf(each, given)))]);
}

/** Whether something is an extension makes no difference in federation 2; `@link` may stand for itself. */
function saysNothing(node) {
  return (
    /^(federation__)?extends$/.test(node.name.value) ||
    (node.name.value === "link" &&
      node.arguments.length === 1 &&
      string(node, "url")?.startsWith(`${SPECIFICATIONS}link/`))
  );
}

function argumentOf(directive, { name, value }) {
  const usual = Object.hasOwn(DEFAULTS, directive.name.value) && DEFAULTS[directive.name.value][name.value];
  if (usual && usual === print(value)) {
    return [];
  }
  if (name.value === "fields" && value.kind === Kind.STRING) {
    const words = value.value.match(/[{}]|[^\s,{}]+/g) ?? [];
    return [[name.value, [Kind.STRING, words.join(" ")]]];
  }
  if (name.value === "import" && value.kind === Kind.LIST) {
    return [[name.value, sorted(value.values.map(valueOf))]];
  }
  return [[name.value, valueOf(value)]];
}

function valueOf(node) {
  switch (node.kind) {
    case Kind.LIST:
      return [node.kind, node.values.map(valueOf)];
    case Kind.OBJECT:
      return [node.kind, sorted(node.fields.map((field) => [field.name.value, valueOf(field.value)]))];
    default:
      return [node.kind, node.value ?? null];
  }
}

function argument(directive, name) {
  return directive.arguments.find((each) => each.name.value === name)?.value;
}

function string(directive, name) {
  const value = argument(directive, name);
  return value?.kind === Kind.STRING ? value.value : undefined;
}

function sorted(facts) {
  return facts.map((fact) => JSON.stringify(fact)).sort();
}
