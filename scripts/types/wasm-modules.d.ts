// How the entries for workerd and edge-light import the wasm: compiled by the bundler.
declare module "*.wasm?module" {
  const module: WebAssembly.Module;
  export default module;
}
