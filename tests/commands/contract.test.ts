// Tests npm run contract, and that the package sends and reads what the description says.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { parse } from "yaml";

import { root } from "../../scripts/tools.js";
import { installed } from "../support/app.ts";

const text = readFileSync(join(root, "emulator", "clerk-sign-in-tokens.openapi.yml"), "utf8");

/** Runs the command on the description, in which `from` is replaced by `to`. */
function compare(from = "", to = "") {
  assert.ok(text.includes(from), from);
  const file = join(mkdtempSync(join(tmpdir(), "clerk-sign-in-tokens-contract-")), "openapi.yml");
  writeFileSync(file, text.replace(from, to));
  const args = [join(root, "scripts", "contract.ts"), file];
  const { status, stdout } = spawnSync("node", args, { encoding: "utf8" });
  return { status, lines: stdout.trim().split("\n") };
}

const CREATE = "/sign_in_tokens.post";
const BODY = `${CREATE}.requestBody.content.application/json.schema`;
const TOKEN = `${CREATE}.responses.200.content.application/json.schema.properties`;
for (const [what, from, to, line] of [
  ["another text", "summary: Create sign-in token", "summary: Create", "No difference."],
  [
    "a new version",
    "version: '2026-05-12'",
    "version: '2027-01-01'",
    "changed: version was 2026-05-12, is 2027-01-01",
  ],
  [
    "a new field of the body, with the name of a text",
    "                expires_in_seconds:\n",
    "                title:\n                  type: string\n                expires_in_seconds:\n",
    `new:     ${BODY}.properties.title`,
  ],
  [
    "a field that may be null now",
    "        token:\n          type: string\n",
    "        token:\n          type: string\n          nullable: true\n",
    `new:     ${TOKEN}.token.nullable`,
  ],
  [
    "another type",
    "        created_at:\n          type: integer\n",
    "        created_at:\n          type: string\n",
    `changed: ${TOKEN}.created_at.type was integer, is string`,
  ],
  [
    "a new token status",
    "          - revoked\n",
    "          - revoked\n          - expired\n",
    `new:     ${TOKEN}.status.enum.expired`,
  ],
  [
    "a new answer",
    "        '422':",
    "        '409':\n          description: Conflict\n        '422':",
    `new:     ${CREATE}.responses.409`,
  ],
  [
    "a path that moved",
    "  /sign_in_tokens/{sign_in_token_id}/revoke:",
    "  /sign_in_tokens/{id}:",
    "gone:    /sign_in_tokens/{sign_in_token_id}/revoke",
  ],
]) {
  test(`compares with ${what}`, () => {
    const { status, lines } = compare(from, to);
    assert.ok(lines.includes(line), lines.join("\n"));
    assert.equal(status, line === "No difference." ? 0 : 1);
  });
}

test("the package sends and reads what the description says", async () => {
  const { info, servers, paths, components } = parse(text);
  const [createPath, revokePath] = Object.keys(paths);
  const create = paths[createPath].post;
  const { properties } = create.requestBody.content["application/json"].schema;
  const fields = Object.keys(components.schemas.SignInToken.properties);
  const { SignInTokens } = await installed();
  const seen: (RequestInit & { url: string })[] = [];
  const values: Record<string, unknown> = {
    object: "sign_in_token",
    status: "pending",
    created_at: 1,
    updated_at: 2,
  };
  const answer = Object.fromEntries(fields.map((field) => [field, values[field] ?? "x"]));
  const tokens = new SignInTokens({
    secretKey: "sk_test_key",
    fetch: async (url: string, init: RequestInit) => {
      seen.push({ url, ...init });
      return Response.json(answer);
    },
  });
  const token = await tokens.create({ userId: "user_1", orgId: "org_1", expiresInSeconds: 1 });
  await tokens.revoke("ID");
  assert.deepEqual(
    seen.map(({ method, url }) => [method, url]),
    [createPath, revokePath.replace(/\{.*\}/, "ID")].map((path) => ["POST", servers[0].url + path]),
  );
  assert.deepEqual(
    Object.keys(JSON.parse(String(seen[0].body))).sort(),
    Object.keys(properties).sort(),
  );
  assert.equal(new Headers(seen[0].headers).get("clerk-api-version"), info.version);
  const camelCase = (name: string) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
  assert.deepEqual(Object.keys(token).sort(), fields.map(camelCase).sort());
});
