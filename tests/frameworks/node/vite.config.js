// For Vite: everything in one file, as in a container without node_modules.
export default { ssr: { noExternal: true } };
