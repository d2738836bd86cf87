import type { NextConfig } from "next";

export default {
  // Without it, Next.js bundles the entry for Node, whose wasm a Worker cannot compile.
  serverExternalPackages: ["clerk-sign-in-tokens"],
} satisfies NextConfig;
