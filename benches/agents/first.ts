// Measures a cold start in Node, Deno or Bun: the milliseconds from the import to the first answer.
const [path, apiUrl] = process.argv.slice(2);
const begun = performance.now();
const { client } = await import(path);
await client("sk_test_key", apiUrl)({ userId: "user_1" });
console.log(performance.now() - begun);
export {};
