import { cloudflareTest } from "@cloudflare/vitest-pool-workers";
import { defineConfig } from "vitest/config";

const { CLERK_SECRET_KEY, CLERK_API_URL } = process.env;

export default defineConfig({
  plugins: [
    cloudflareTest({
      miniflare: {
        compatibilityDate: "2026-11-17",
        bindings: { CLERK_SECRET_KEY, CLERK_API_URL },
      },
    }),
  ],
});
