// Tests npm run contract: it prints no difference while Clerk's file matches this client, and
// otherwise names each one.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { root } from "../../scripts/tools.js";
import { installed } from "../support/app.js";

const published = join(root, "emulator", "clerk-sign-in-tokens.openapi.yml");
const facts = JSON.parse(readFileSync(join(root, "contract.json"), "utf8"));

function compare(...replacements) {
  const text = replacements.reduce(
    (yaml, [from, to]) => {
      assert.ok(yaml.includes(from), from);
      return yaml.replace(from, to);
    },
    readFileSync(published, "utf8"),
  );
  const file = join(mkdtempSync(join(tmpdir(), "clerk-sign-in-tokens-contract-")), "openapi.yml");
  writeFileSync(file, text);
  const { status, stdout } = spawnSync("node", [join(root, "scripts", "contract.js"), file], {
    encoding: "utf8",
  });
  return { status, lines: stdout.trim().split("\n") };
}

test("the published description matches this client", () => {
  assert.deepEqual(compare(), { status: 0, lines: ["No difference."] });
});

for (const [what, replacement, line] of [
  [
    "a new version",
    ["version: '2026-05-12'", "version: '2027-01-01'"],
    "changed: apiVersion was 2026-05-12, is 2027-01-01",
  ],
  [
    "a new field of the body",
    [
      "                expires_in_seconds:\n",
      "                mode:\n                  type: string\n                expires_in_seconds:\n",
    ],
    "new:     operations.create.body.mode, string",
  ],
  [
    "a field that may be null now",
    [
      "        token:\n          type: string\n",
      "        token:\n          type: string\n          nullable: true\n",
    ],
    "changed: token.token was string, is string or null",
  ],
  [
    "a new token status",
    ["          - revoked\n", "          - revoked\n          - expired\n"],
    "new:     tokenStatuses: expired",
  ],
  [
    "a new answer",
    [
      "        '422':",
      "        '409':\n          $ref: '#/components/responses/ClerkErrors'\n        '422':",
    ],
    "new:     operations.create.statuses: 409",
  ],
  [
    "a path that moved",
    ["  /sign_in_tokens/{sign_in_token_id}/revoke:", "  /sign_in_tokens/{id}:"],
    "gone:    operations.revoke.path",
  ],
]) {
  test(`${what} is reported`, () => {
    const { status, lines } = compare(replacement);
    assert.equal(status, 1);
    assert.ok(lines.includes(line), lines.join("\n"));
  });
}

test("contract.json matches what the package sends and reads", async () => {
  const { SignInTokens } = await installed();
  const seen = [];
  const answer = {
    object: "sign_in_token",
    id: "sit_1",
    user_id: "user_1",
    status: "pending",
    token: "t",
    url: "https://x",
    created_at: 1,
    updated_at: 2,
  };
  assert.deepEqual(Object.keys(answer).sort(), Object.keys(facts.token).sort());
  const tokens = new SignInTokens({
    secretKey: "sk_test_key",
    fetch: async (url, init) => {
      seen.push({ url, ...init });
      return Response.json(answer);
    },
  });
  const token = await tokens.create({ userId: "user_1", orgId: "org_1", expiresInSeconds: 1 });
  await tokens.revoke("ID");
  const [create, revoke] = seen;
  assert.equal(create.url, facts.server + facts.operations.create.path);
  assert.equal(revoke.url, facts.server + facts.operations.revoke.path.replace(/\{.*\}/, "ID"));
  assert.deepEqual(
    [create.method, revoke.method].map((method) => method.toLowerCase()),
    ["post", "post"],
  );
  assert.deepEqual(
    Object.keys(JSON.parse(create.body)).sort(),
    Object.keys(facts.operations.create.body).sort(),
  );
  assert.equal(create.headers["clerk-api-version"], facts.apiVersion);
  const camelCase = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
  assert.deepEqual(Object.keys(token).sort(), Object.keys(facts.token).map(camelCase).sort());
});
