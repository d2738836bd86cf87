// Starts the page.
import { render } from "preact";

import { App } from "./app.tsx";
import { keepFocus } from "./state/focus.ts";
import { guardLinks } from "./state/leaving.ts";
import { start } from "./state/session.ts";

render(<App />, document.querySelector("#page") ?? document.body);
keepFocus();
guardLinks();
start();
