// Prints to standard output, and keeps why that failed: a disk may be full, a reader may be gone.

/** @type {NodeJS.ErrnoException | undefined} */
let failure;

/**
 * The last write, which begins once those before it have ended.
 *
 * @type {Promise<unknown>}
 */
let last = Promise.resolve();

/** @param {unknown} error */
function keep(error) {
  failure ??= /** @type {NodeJS.ErrnoException} */ (error);
}

/** Keeps the errors of standard output, which would end the command otherwise. */
export function watchOutput() {
  process.stdout.on("error", keep);
}

/**
 * Prints a text, unless an earlier one failed. Resolves to the reason if it could not be written.
 *
 * @param {string} text
 */
export function print(text) {
  // In Deno, a write after a failed one never ends.
  last = last.then(() => failure ?? write(text));
  return last;
}

/**
 * Waits until everything is written. Returns why output was lost; undefined if none was, or if its reader wanted no more.
 */
export async function endOutput() {
  await last;
  const lost = failure;
  // What was not printed with `print` may still be on its way.
  if (!lost) await write("");
  return lost?.code === "EPIPE" ? undefined : lost;
}

/**
 * @param {string} text
 * @returns {Promise<unknown>}
 */
async function write(text) {
  try {
    await new Promise((resolve, reject) => {
      process.stdout.write(text, (error) => (error ? reject(error) : resolve(undefined)));
    });
    return undefined;
  } catch (error) {
    // Deno throws it instead of emitting it.
    keep(error);
    return error;
  }
}
