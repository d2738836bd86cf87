// Clerk's frontend SDK, where a page has loaded it.
// eslint-disable-next-line no-var -- only `var` declares a global.
declare var Clerk: import("@clerk/clerk-js").Clerk | undefined;
