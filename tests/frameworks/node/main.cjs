// The same program as CommonJS. It also imports the package: there must be only one copy of the
// error class.
const { SignInTokensError } = require("clerk-sign-in-tokens");
const { roundTrip } = require("./compiled/round-trip.cjs");

const isOneCopy = async () =>
  (await import("clerk-sign-in-tokens")).SignInTokensError === SignInTokensError;

roundTrip(process.env).then(async (made) => {
  if (!(await isOneCopy()))
    throw new Error("require() and import() gave two copies of the package");
  console.log(JSON.stringify(made));
});
