// Writes src/api/generated.ts from openapi.json: one exported type a component schema, sorted by name,
// so that `npm run generate && git diff --exit-code` shows whether the console and the API have drifted.
// Own and small because openapi-typescript needs an older TypeScript than ours.
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const source = new URL("openapi.json", import.meta.url);
const target = new URL("src/api/generated.ts", import.meta.url);

if (!existsSync(source)) {
  console.error("openapi.json is missing: write it with script/openapi");
  process.exit(1);
}

const { components } = JSON.parse(readFileSync(source, "utf8"));
const names = Object.keys(components?.schemas ?? {}).sort();
const parts = names.map((name) => declaration(name, components.schemas[name]));
writeFileSync(target, `// Generated from openapi.json by \`npm run generate\`; do not edit.\n\n${parts.join("\n\n")}\n`);
console.log(`${names.length} types written`);

function declaration(name, schema) {
  const doc = schema.description ? `/** ${oneLine(schema.description)} */\n` : "";
  return `${doc}export type ${identifier(name)} = ${typeOf(schema, 0)};`;
}

function typeOf(schema, depth) {
  if (schema === true || schema === undefined || Object.keys(schema).length === 0) return "unknown";
  if (schema.$ref) return identifier(schema.$ref.split("/").at(-1));
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const joined = schema.oneOf ?? schema.anyOf;
  if (joined) return union(joined.map((part) => typeOf(part, depth)));
  if (schema.allOf) {
    const rest = schema.properties ? [objectType(schema, depth)] : [];
    return [...schema.allOf.map((part) => grouped(typeOf(part, depth))), ...rest].join(" & ");
  }
  if (Array.isArray(schema.type)) return union(schema.type.map((type) => typeOf({ ...schema, type }, depth)));
  const type = schema.nullable ? union([plainType(schema, depth), "null"]) : plainType(schema, depth);
  return type;
}

function plainType(schema, depth) {
  switch (schema.type) {
    case "string": return "string";
    case "integer":
    case "number": return "number";
    case "boolean": return "boolean";
    case "null": return "null";
    case "array": return `${grouped(typeOf(schema.items, depth))}[]`;
    case "object": return objectType(schema, depth);
    default: return schema.properties ? objectType(schema, depth) : "unknown";
  }
}

function objectType(schema, depth) {
  const properties = Object.entries(schema.properties ?? {});
  if (properties.length === 0) {
    const values = schema.additionalProperties;
    return `Record<string, ${values && values !== true ? typeOf(values, depth) : "unknown"}>`;
  }
  const required = new Set(schema.required ?? []);
  const indent = "  ".repeat(depth + 1);
  const lines = properties.map(([name, property]) => {
    const doc = property.description ? `${indent}/** ${oneLine(property.description)} */\n` : "";
    return `${doc}${indent}${key(name)}${required.has(name) ? "" : "?"}: ${typeOf(property, depth + 1)};`;
  });
  return `{\n${lines.join("\n")}\n${"  ".repeat(depth)}}`;
}

function union(parts) {
  return [...new Set(parts)].join(" | ");
}

function grouped(type) {
  return / [|&] /.test(type) ? `(${type})` : type;
}

function key(name) {
  return /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name);
}

function identifier(name) {
  return name.replaceAll(/\W/g, "_");
}

function oneLine(text) {
  return text.replaceAll(/\s+/g, " ").replaceAll("*/", "* /").trim();
}
