// The app in Bun.
import { app } from "./app.ts";

const { port } = Bun.serve({ port: process.env.PORT, fetch: app.fetch });
console.log(`:${port}`);
