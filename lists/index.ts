// Lists of users: reads them in the formats that people have, and names the columns of the results.
export { cellText, COLUMNS, csvOf, distinct, isSecret } from "./csv.ts";
export { ListReader, users } from "./users.ts";
