// npm run lint: the format, the rules of ESLint and the types. `npm run fix` applies what the first two can.
import { checkStyle } from "./checks/style.js";
import { checkTypes } from "./checks/types.js";

checkStyle();
checkTypes();
