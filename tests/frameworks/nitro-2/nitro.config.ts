export default defineNitroConfig({
  compatibilityDate: "2026-11-17",
  cloudflare: { deployConfig: true, nodeCompat: true },
  experimental: { wasm: true },
});
