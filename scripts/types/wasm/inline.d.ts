// The wasm as a JavaScript module, made by scripts/build.js.
declare const module: WebAssembly.Module;
export default module;
