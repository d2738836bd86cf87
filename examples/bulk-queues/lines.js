// Users out of a stream of CSV or NDJSON, as the command and the admin page read them. Take lists/ along with this folder.
export { users } from "../../lists/users.js";
