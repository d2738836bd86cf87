// Reads users from a stream of CSV or NDJSON, as the command does. Copy lists/ together with this folder.
export { users } from "../../lists/index.ts";
