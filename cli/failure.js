// What ends the command early, with a message for people.

/** The command could not do what it was asked to do: exit code 1. */
export class Failure extends Error {
  exitCode = 1;
}

/** The command was not called as it has to be: exit code 2. */
export class UsageError extends Failure {
  exitCode = 2;
}

/** A failure of the file system as a sentence: "users.csv: no such file or directory". */
export function fileFailure(error, path) {
  const [, reason = error.message] = error.message.match(/^[A-Z]+: ([^,]+)/) ?? [];
  return new Failure(`${path}: ${reason}`, { cause: error });
}

/** Whether the file system threw this. */
export function isFileError(error) {
  return typeof error?.code === "string" && typeof error.syscall === "string";
}
