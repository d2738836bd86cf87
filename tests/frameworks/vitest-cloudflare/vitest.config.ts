import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const { CLERK_SECRET_KEY, CLERK_API_URL } = process.env;

export default defineConfig({
  plugins: [
    cloudflareTest({
      miniflare: {
        compatibilityDate: "2026-11-01",
        bindings: { CLERK_SECRET_KEY, CLERK_API_URL },
      },
    }),
  ],
});
