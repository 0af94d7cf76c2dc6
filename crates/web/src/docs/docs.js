// Renders openapi.json. Text goes in as text only, so nothing in the document can become markup.
"use strict";

const METHODS = ["get", "post", "put", "patch", "delete"];

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
  for (const child of children) if (child !== null && child !== undefined) made.append(child);
  return made;
}

/** The last name of a reference: "#/components/schemas/Herald.Me" is "Me". */
function nameOf(reference) {
  return reference.split("/").pop().split(".").pop();
}

/** A schema in one line: "string (uuid)", "Session[]", "string or null". */
function typeOf(schema) {
  if (!schema || Object.keys(schema).length === 0) return "any";
  if (schema.$ref) return nameOf(schema.$ref);
  const either = schema.oneOf || schema.anyOf;
  if (either) return either.map(typeOf).join(" or ");
  if (schema.allOf) return schema.allOf.map(typeOf).join(" and ");
  const types = [].concat(schema.type || "any").map((type) => (type === "array" ? typeOf(schema.items) + "[]" : type));
  return types.join(" or ") + (schema.format ? ` (${schema.format})` : "");
}

/** Every named schema that `schema` leads to directly. */
function referenced(schema) {
  if (!schema || typeof schema !== "object") return [];
  if (schema.$ref) return [schema.$ref];
  const parts = [schema.items, ...(schema.oneOf || []), ...(schema.anyOf || []), ...(schema.allOf || [])];
  return parts.flatMap(referenced);
}

function resolve(spec, reference) {
  return reference.replace(/^#\//, "").split("/").reduce((at, key) => (at ? at[key] : undefined), spec);
}

function fieldRows(spec, schema) {
  const parts = [schema, ...(schema.allOf || [])].map((part) => (part.$ref ? resolve(spec, part.$ref) : part));
  return parts.filter(Boolean).flatMap((part) =>
    Object.entries(part.properties || {}).map(([name, field]) =>
      element("tr", null,
        element("td", null, element("code", null, name), (part.required || []).includes(name) ? "" : " (optional)"),
        element("td", null, typeOf(field)),
        element("td", null, field.description || ""))));
}

/** A table of fields, then those of the schemas they name, each once. */
function shape(spec, schema, seen) {
  const box = element("div", { class: "shape" });
  const named = referenced(schema);
  const first = named.length ? [] : fieldRows(spec, schema);
  if (first.length) box.append(element("table", null, ...first));
  const waiting = [...named];
  while (waiting.length) {
    const reference = waiting.shift();
    if (seen.has(reference)) continue;
    seen.add(reference);
    const found = resolve(spec, reference);
    if (!found) continue;
    const rows = fieldRows(spec, found);
    box.append(element("h5", null, nameOf(reference)), element("p", null, found.description || ""));
    if (rows.length) box.append(element("table", null, ...rows));
    for (const part of [found, ...(found.allOf || [])]) {
      for (const field of Object.values(part.properties || {})) waiting.push(...referenced(field));
    }
  }
  return box;
}

function content(spec, holder) {
  return Object.entries((holder && holder.content) || {}).map(([media, { schema }]) =>
    element("div", null,
      element("p", null, element("code", null, media), " ", schema ? typeOf(schema) : ""),
      schema ? shape(spec, schema, new Set()) : null));
}

function credentials(operation) {
  const wanted = (operation.security || []).map((each) => Object.keys(each).join(" and "));
  return wanted.length ? `Credential: ${wanted.join(" or ")}` : "No credential";
}

function operationBox(spec, path, method, operation) {
  const box = element("details", { class: "operation", id: operation.operationId },
    element("summary", null,
      element("span", { class: `method ${method}` }, method.toUpperCase()), " ",
      element("code", null, path), " ", operation.summary || ""));
  box.append(element("p", null, operation.description || ""), element("p", null, credentials(operation)));
  const parameters = operation.parameters || [];
  if (parameters.length) {
    box.append(element("h4", null, "Parameters"), element("table", null, ...parameters.map((parameter) =>
      element("tr", null,
        element("td", null, element("code", null, parameter.name), ` in ${parameter.in}`),
        element("td", null, typeOf(parameter.schema)),
        element("td", null, parameter.description || "")))));
  }
  if (operation.requestBody) box.append(element("h4", null, "Body"), ...content(spec, operation.requestBody));
  for (const [status, answer] of Object.entries(operation.responses || {})) {
    box.append(element("h4", null, `${status} ${answer.description || ""}`), ...content(spec, answer));
  }
  return box;
}

function render(spec) {
  document.getElementById("about").textContent = `${spec.info.description} Version ${spec.info.version}.`;
  const main = document.getElementById("main");
  main.replaceChildren();
  for (const tag of spec.tags) {
    const boxes = Object.entries(spec.paths).flatMap(([path, item]) =>
      METHODS.filter((method) => item[method] && item[method].tags.includes(tag.name))
        .map((method) => operationBox(spec, path, method, item[method])));
    if (!boxes.length) continue;
    main.append(element("section", { id: tag.name },
      element("h2", null, tag.name), element("p", null, tag.description), ...boxes));
    document.getElementById("faces").append(element("a", { href: `#${tag.name}` }, tag.name), " ");
  }
}

function filter(event) {
  const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const box of document.querySelectorAll(".operation")) {
    const text = box.querySelector("summary").textContent.toLowerCase();
    box.hidden = !words.every((word) => text.includes(word));
  }
}

async function start() {
  document.getElementById("find").addEventListener("input", filter);
  try {
    const answer = await fetch("openapi.json");
    if (!answer.ok) throw new Error(`openapi.json answered ${answer.status}`);
    render(await answer.json());
  } catch (error) {
    document.getElementById("main").replaceChildren(element("p", { class: "failed" }, String(error)));
  }
}

start();
