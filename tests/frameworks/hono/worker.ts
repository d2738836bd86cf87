// The app as a Worker.
export { app as default } from "./app.ts";
