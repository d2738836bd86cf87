// Adds the security headers, and refuses other sites.
import { createMiddleware } from "hono/factory";
import { secureHeaders } from "hono/secure-headers";

import { refuse } from "./answers.ts";

const secure = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    // The page compiles this package's wasm.
    scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", "data:"],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
  referrerPolicy: "no-referrer",
  xFrameOptions: "DENY",
  crossOriginResourcePolicy: "same-origin",
  crossOriginOpenerPolicy: "same-origin",
  permissionsPolicy: { camera: [], geolocation: [], microphone: [] },
});

export const headers = createMiddleware(async (c, next) => {
  await secure(c, next);
  // Vite names these files by their content. Nothing else may be cached, above all no answer with a
  // token.
  const isHashed = c.req.path.startsWith("/assets/") && [200, 304].includes(c.res.status);
  c.header("cache-control", isHashed ? "public, max-age=31536000, immutable" : "no-store");
});

/** Browsers send the origin of a request. A page of another site cannot change it. */
export const sameOrigin = createMiddleware(async (c, next) => {
  const site = c.req.header("sec-fetch-site");
  const isSame =
    site === undefined
      ? c.req.header("origin") === new URL(c.req.url).origin
      : site === "same-origin";
  if (!isSame) return refuse("cross_site");
  return next();
});
