// Bundles the page into dist/, which the Worker serves.
export default {
  root: "page",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  // The link lists/ leads outside this folder, and its CSV parser is in this folder's node_modules.
  resolve: { dedupe: ["papaparse"] },
  // The policy in worker/middleware.ts allows data: URLs only for images.
  build: { outDir: "../dist", emptyOutDir: true, assetsInlineLimit: 0, target: "es2022" },
};
