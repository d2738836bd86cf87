// Does work once in a run, in the test file that needs it first, or in one test file at a time.
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { app } from "./app.ts";

/** Does `work`, or waits until another test file has done the work of that `name`. */
export async function once(name: string, work: () => unknown) {
  const mark = join(dirname(app), `${name}-begun`);
  const [done, failed] = ["done", "failed"].map((end) => join(mark, end));
  if (isFirst(mark)) {
    try {
      await work();
    } catch (error) {
      writeFileSync(failed, "");
      throw error;
    }
    writeFileSync(done, "");
  }
  while (!existsSync(done)) {
    if (existsSync(failed)) throw new Error(`${name}: failed in another test file`);
    await sleep(100);
  }
}

/** Does `work` while no other test file does work of that `name`. */
export async function alone<Result>(name: string, work: () => Promise<Result>) {
  const lock = join(dirname(app), `${name}-lock`);
  while (!isFirst(lock)) await sleep(100);
  try {
    return await work();
  } finally {
    rmdirSync(lock);
  }
}

/** Returns true for exactly one of the processes that try to create the folder. */
function isFirst(folder: string) {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
