// Clerk's frontend SDK, where a page has loaded it.
declare var Clerk: import("@clerk/clerk-js").Clerk | undefined;
