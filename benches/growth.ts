// Measures what may grow: the CPU of a call with the number of calls in flight, linear memory with
// the size of an answer.
import { execFileSync } from "node:child_process";

import { LOADS, measure } from "./measure.ts";
import { type Runtime, startLoad } from "./runtimes.ts";

/** The calls in flight. */
export const IN_FLIGHT = [100, 8000] as const;

/**
 * Returns the CPU of a create with a signal of its own, in µs, by the number of calls in flight,
 * each with a signal of its own too.
 */
export async function signals(runtime: Runtime, dir: string, apiUrl: string, rounds: number) {
  const processes = [];
  try {
    for (const count of IN_FLIGHT) {
      const process = await startLoad(runtime, { dir, client: "signals", apiUrl });
      processes.push(process);
      // Its calls stay in flight until the process ends.
      fetch(`${process.url}/?count=${count}&concurrency=${count}&userId=user_silent`).catch(
        () => {},
      );
      await measure(process, { ...LOADS.create, count: 300 });
    }
    const cpu = processes.map(() => [] as number[]);
    for (let round = 0; round < rounds; round++) {
      for (const [i, process] of processes.entries())
        cpu[i].push((await measure(process, LOADS.create)).cpu);
    }
    return { few: cpu[0], many: cpu[1] };
  } finally {
    for (const process of processes) await process.stop();
  }
}

/** Returns the MB of linear memory after an answer of 60 MB. */
export function memoryAfterLargeAnswer(dir: string) {
  return Number(execFileSync("node", ["agents/large.ts"], { cwd: dir, encoding: "utf8" }));
}
