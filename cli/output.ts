// Prints to standard output, and keeps why that failed: a disk may be full, a reader may be gone.

let failure: NodeJS.ErrnoException | undefined;

/** The last write, which begins once those before it have ended. */
let last: Promise<unknown> = Promise.resolve();

function keep(error: unknown) {
  failure ??= error as NodeJS.ErrnoException;
}

// It would end the command otherwise.
process.stdout.on("error", keep);

/** Prints a text, unless an earlier one failed. Resolves to the reason if it was not written. */
export function print(text: string) {
  // In Deno, a write after a failed one never ends.
  last = last.then(() => failure ?? write(text));
  return last;
}

export function printJson(value: unknown) {
  return print(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** Waits for all writes. Returns why output was lost that its reader wanted. */
export async function endOutput() {
  await last;
  const lost = failure;
  // What was not printed with `print` may still be on its way.
  if (!lost) await write("");
  return lost?.code === "EPIPE" ? undefined : lost;
}

async function write(text: string) {
  try {
    await new Promise<void>((resolve, reject) => {
      process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
    });
    return undefined;
  } catch (error) {
    // Deno throws it instead of emitting it.
    keep(error);
    return error;
  }
}
