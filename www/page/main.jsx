// Starts the page.
import { render } from "preact";

import { App } from "./app.jsx";
import { keepFocus } from "./state/focus.js";
import { guardLinks } from "./state/leaving.js";
import { start } from "./state/session.js";

render(<App />, document.querySelector("#page") ?? document.body);
keepFocus();
guardLinks();
start();
