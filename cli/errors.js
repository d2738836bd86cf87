// The errors that end the command early, with a message for the user.

/** The command failed: exit code 1. */
export class Failure extends Error {
  exitCode = 1;
}

/** The arguments or the environment are wrong: exit code 2. */
export class UsageError extends Failure {
  exitCode = 2;
}

/**
 * Returns an error of the file system as a {@link Failure}: "users.csv: no such file or directory".
 *
 * @param {unknown} thrown
 * @param {string} path
 */
export function fileFailure(thrown, path) {
  return new Failure(`${path}: ${reasonOf(thrown)}`, { cause: thrown });
}

/**
 * Returns the reason in an error of the file system: "no such file or directory".
 *
 * @param {unknown} thrown
 */
export function reasonOf(thrown) {
  const { message } = /** @type {Error} */ (thrown);
  const [, reason = message] = message.match(/^[A-Z]+: ([^,]+)/) ?? [];
  return reason;
}

/**
 * Returns whether the file system threw this error.
 *
 * @param {unknown} error
 */
export function isFileError(error) {
  const { code, syscall } = /** @type {Partial<NodeJS.ErrnoException>} */ (Object(error));
  return typeof code === "string" && typeof syscall === "string";
}

/**
 * Returns what `read` returns; undefined if it throws.
 *
 * @template Value
 * @param {() => Value} read
 */
export function orUndefined(read) {
  try {
    return read();
  } catch {
    return undefined;
  }
}
