import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const { CLERK_SECRET_KEY, CLERK_API_URL } = process.env;

export default defineConfig({
  plugins: [
    cloudflareTest({
      wrangler: { configPath: "./wrangler.jsonc" },
      miniflare: { bindings: { CLERK_SECRET_KEY, CLERK_API_URL } },
    }),
  ],
});
