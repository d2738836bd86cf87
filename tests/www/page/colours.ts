// Tests what can be told apart in forced colours, and what wraps on a narrow phone.
import assert from "node:assert/strict";

import type { Locator } from "playwright-core";

import { holdAfter } from "../../support/hold-after.ts";
import { cutOff } from "../contrast.ts";
import { refusal, USER, userIds } from "../on-page.ts";
import { on, page, site, testIn } from "./per-test.ts";

const testForced = testIn("New link", { forcedColors: "active" });
const testNarrow = testIn("Bulk", { viewport: { width: 320, height: 640 } });

const ground = (locator: Locator) =>
  locator.evaluate((element) => getComputedStyle(element).backgroundColor);

/** Returns the colours in the middle of a control, at these parts of its width. */
async function pixels(locator: Locator, ...parts: number[]) {
  const bytes = [...(await locator.screenshot())];
  return page.evaluate(
    async ([bytes, parts]) => {
      const image = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
      const canvas = new OffscreenCanvas(image.width, image.height);
      const context = canvas.getContext("2d", { willReadFrequently: true });
      context?.drawImage(image, 0, 0);
      return parts.map((part) =>
        context?.getImageData(image.width * part, image.height / 2, 1, 1).data.join(),
      );
    },
    [bytes, parts],
  );
}

testForced("in forced colours, what is chosen has another ground", async () => {
  const choice = (name: string) => page.getByText(name, { exact: true });
  assert.notEqual(await ground(choice("1 hour")), await ground(choice("1 day")));
  const view = (name: string) => page.getByRole("navigation").getByRole("link", { name });
  assert.notEqual(await ground(view("New link")), await ground(view("History")));
  await on.goTo("History");
  assert.notEqual(await ground(on.button("All")), await ground(on.button("Expired")));
  await holdAfter(2, site.control);
  await on.startRun(userIds(4).join("\n"));
  await on.progressed(2);
  const [done, left] = await pixels(page.locator("progress"), 0.25, 0.75);
  assert.ok(done);
  assert.notEqual(done, left);
  await site.control.release();
  await on.finished();
});

testNarrow("long IDs, names and messages wrap in 320 px", async () => {
  const long = `${"very".repeat(200)}long`;
  await site.control.fault({ operation: "create", status: 422, body: refusal(long) });
  await on.startRun(`name,user_id\n${long},${USER}${"x".repeat(100)}\nx,${long}`);
  await on.finished();
  await page.getByText(long).first().waitFor();
  assert.deepEqual(await page.evaluate(cutOff), []);
});
