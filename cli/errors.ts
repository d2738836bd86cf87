// The errors that end the command early, with a message for the user.

/** The command failed: exit code 1. */
export class Failure extends Error {
  exitCode = 1;
}

/** The arguments or the environment are wrong: exit code 2. */
export class UsageError extends Failure {
  exitCode = 2;
}

/** Returns an error of the file system as a failure: "users.csv: no such file or directory". */
export function fileFailure(error: unknown, path: string) {
  if (error instanceof Failure) return error;
  return new Failure(`${path}: ${reasonOf(error)}`, { cause: error });
}

/** Returns the reason in an error of the file system: "no such file or directory". */
export function reasonOf(error: unknown) {
  const { message } = error as Error;
  return message.match(/^[A-Z]+: ([^,]+)/)?.[1] ?? message;
}

export const isFileError = (error: unknown, code: string) => Object(error).code === code;

/** Returns what `read` returns; undefined if it throws. */
export function orUndefined<Value>(read: () => Value) {
  try {
    return read();
  } catch {
    return undefined;
  }
}
