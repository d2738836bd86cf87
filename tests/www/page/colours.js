// Tests what can be told apart in forced colours, and what wraps on a narrow phone.
import assert from "node:assert/strict";

import { button, goTo, startRun, USER, userIds } from "../on-page.js";
import { pagePerTest } from "./page-per-test.js";
import { holdAfter } from "../../support/hold-after.ts";

let site, page;
const forced = pagePerTest("", (opened) => ({ site, page } = opened), { forcedColors: "active" });
const narrow = pagePerTest("#bulk", (opened) => ({ site, page } = opened), {
  viewport: { width: 320, height: 640 },
});

const ground = (locator) =>
  locator.evaluate((element) => getComputedStyle(element).backgroundColor);

/** Returns the colours in the middle of a control, at these parts of its width. */
async function pixels(locator, ...parts) {
  const bytes = [...(await locator.screenshot())];
  return page.evaluate(
    async ([bytes, parts]) => {
      const image = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
      const context = new OffscreenCanvas(image.width, image.height).getContext("2d", {
        willReadFrequently: true,
      });
      context.drawImage(image, 0, 0);
      return parts.map((part) =>
        context.getImageData(image.width * part, image.height / 2, 1, 1).data.join(),
      );
    },
    [bytes, parts],
  );
}

forced.test("in forced colours, what is chosen has another ground", async () => {
  const choice = (name) => page.getByText(name, { exact: true });
  assert.notEqual(await ground(choice("1 hour")), await ground(choice("1 day")));
  const view = (name) => page.getByRole("navigation").getByRole("link", { name });
  assert.notEqual(await ground(view("New link")), await ground(view("History")));
  await goTo(page, "History");
  assert.notEqual(await ground(button(page, "All")), await ground(button(page, "Expired")));
  await holdAfter(2, site.control);
  await startRun(page, userIds(4).join("\n"));
  await page.waitForFunction(() => document.querySelector("progress").value === 2);
  const [done, left] = await pixels(page.locator("progress"), 0.25, 0.75);
  assert.notEqual(done, left);
  await site.control.release();
  await forced.finished();
});

narrow.test("long IDs, names and messages wrap in 320 px", async () => {
  const long = `${"very".repeat(200)}long`;
  await site.control.fault({
    operation: "create",
    status: 422,
    body: { errors: [{ code: "x", message: long, long_message: long }] },
  });
  const list = `name,user_id\n${long},${USER}${"x".repeat(100)}\nx,${long}`;
  await startRun(page, list);
  await narrow.finished();
  await page.getByText(long).first().waitFor();
  const [width, content] = await page.evaluate(() => [
    innerWidth,
    document.documentElement.scrollWidth,
  ]);
  assert.ok(content <= width, `${content} px in ${width}`);
  for (const card of await page.locator(".card, td, th").all()) {
    const [scrolled, client] = await card.evaluate((box) => [box.scrollWidth, box.clientWidth]);
    assert.ok(scrolled <= client + 1, `${scrolled} px in ${client}`);
  }
});
