export default defineNuxtConfig({
  compatibilityDate: "2026-11-17",
  nitro: {
    cloudflare: { deployConfig: true, nodeCompat: true },
    experimental: { wasm: true },
  },
});
