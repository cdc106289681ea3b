// What a schema document says, in the shape of `document.rs`.

import { Kind, print } from "graphql";

import { value } from "./value.js";

const KINDS = {
  [Kind.SCHEMA_DEFINITION]: "SCHEMA",
  [Kind.SCHEMA_EXTENSION]: "SCHEMA",
  [Kind.SCALAR_TYPE_DEFINITION]: "SCALAR",
  [Kind.SCALAR_TYPE_EXTENSION]: "SCALAR",
  [Kind.OBJECT_TYPE_DEFINITION]: "OBJECT",
  [Kind.OBJECT_TYPE_EXTENSION]: "OBJECT",
  [Kind.INTERFACE_TYPE_DEFINITION]: "INTERFACE",
  [Kind.INTERFACE_TYPE_EXTENSION]: "INTERFACE",
  [Kind.UNION_TYPE_DEFINITION]: "UNION",
  [Kind.UNION_TYPE_EXTENSION]: "UNION",
  [Kind.ENUM_TYPE_DEFINITION]: "ENUM",
  [Kind.ENUM_TYPE_EXTENSION]: "ENUM",
  [Kind.INPUT_OBJECT_TYPE_DEFINITION]: "INPUT",
  [Kind.INPUT_OBJECT_TYPE_EXTENSION]: "INPUT",
  [Kind.DIRECTIVE_DEFINITION]: "DIRECTIVE",
};

export function outline(document) {
  return { definitions: document.definitions.map(definition) };
}

function definition(node) {
  const kind = KINDS[node.kind];
  return {
    kind,
    name: node.name?.value ?? "",
    extends: node.kind.endsWith("Extension"),
    at: at(node.name ?? node),
    interfaces: list(node.interfaces, named),
    directives: list(node.directives, directive),
    fields: list(node.fields, field),
    values: list(node.values, enumValue),
    members: list(node.types, named),
    operations: list(node.operationTypes, (each) => [each.operation, named(each.type)]),
    arguments: kind === "DIRECTIVE" ? list(node.arguments, field) : [],
    locations: list(node.locations, (each) => each.value),
    repeatable: node.repeatable ?? false,
  };
}

function field(node) {
  return {
    name: node.name.value,
    at: at(node.name),
    of: print(node.type),
    arguments: list(node.arguments, field),
    directives: list(node.directives, directive),
    // Left out where there is none: `null` is a default too.
    default: node.defaultValue && value(node.defaultValue),
  };
}

function enumValue(node) {
  return { name: node.name.value, at: at(node.name), directives: list(node.directives, directive) };
}

function directive(node) {
  return {
    name: node.name.value,
    at: at(node),
    arguments: list(node.arguments, (each) => [each.name.value, value(each.value)]),
  };
}

function named(node) {
  return { name: node.name.value, at: at(node) };
}

function list(nodes, outline) {
  return (nodes ?? []).map((node) => outline(node));
}

function at({ loc }) {
  return { line: loc.startToken.line, column: loc.startToken.column };
}
