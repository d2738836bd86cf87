// For webpack and Rspack.
export default {
  mode: "production",
  target: "node",
  output: { filename: "main.mjs", module: true },
};
