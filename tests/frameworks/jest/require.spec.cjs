// A test that loads its modules with require().
const { roundTrip } = require("./compiled/round-trip.cjs");

test("creates and revokes", async () => {
  console.log(JSON.stringify(await roundTrip(process.env)));
});
