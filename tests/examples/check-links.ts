// Checks an example that answers `POST {"userId"}` with a link.
import assert from "node:assert/strict";
import type { Control } from "../../emulator/control.ts";

export async function checkLinks(url: string, control: Control, adminToken: string) {
  const post = (body: { userId: string }, token = adminToken) =>
    fetch(url, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { authorization: `Bearer ${token}` },
    });
  assert.equal((await post({ userId: "user_1" }, "another")).status, 401);
  const link = await (await post({ userId: "user_1" })).json();
  const [token] = await control.tokens();
  assert.deepEqual(link, { id: token.id, url: token.url });
  const refused = await post({ userId: "nobody" });
  const { code, outcome } = await refused.json();
  assert.deepEqual([refused.status, code, outcome], [404, "not_found", "none"]);
}
