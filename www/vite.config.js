// Bundles the page into dist/, which the Worker serves.
export default {
  root: "page",
  // The policy in worker/headers.js lets nothing in from data: URLs but pictures.
  build: { outDir: "../dist", emptyOutDir: true, assetsInlineLimit: 0, target: "es2022" },
};
