// What the examples and the benchmark use of the runtimes' globals. Their types exclude each other.
type Handler = (request: Request) => Promise<Response>;

declare const Bun: {
  env: Record<string, string | undefined>;
  serve(options: { hostname?: string; port: number | string; fetch: Handler }): {
    url: URL;
    port: number;
  };
};
declare const Deno: {
  env: { toObject(): Record<string, string> };
  serve(handler: Handler): void;
  serve(options: { port: number }, handler: Handler): void;
};
declare const Netlify: { env: { get(name: string): string | undefined } };

/** Clerk's frontend SDK, where a page has loaded it. */
// eslint-disable-next-line no-var -- only `var` declares a global.
declare var Clerk: import("@clerk/clerk-js").Clerk | undefined;
