// Node's spec reporter, and before its summary the command that runs each failed file alone.
import { relative } from "node:path";
import { Readable } from "node:stream";
import { spec as Spec } from "node:test/reporters";

import { root } from "../tools.js";

export default async function* report(events) {
  yield* Readable.from(withCommands(events)).compose(new Spec());
}

/** The summary starts with the number of tests. */
async function* withCommands(events) {
  const failed = new Set();
  for await (const event of events) {
    const { type, data } = event;
    if (type === "test:fail" && data.file) failed.add(relative(root, data.file));
    if (type === "test:diagnostic" && /^tests \d+$/.test(data.message)) {
      for (const file of failed) {
        yield { type, data: { ...data, message: `to run it alone: npm test -- ${file}` } };
      }
    }
    yield event;
  }
}
