// The wasm as a JavaScript module, made by scripts/build.ts.
declare const module: WebAssembly.Module;
export default module;
