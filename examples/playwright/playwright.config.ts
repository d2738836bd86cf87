// Traces of failed tests are safe to keep: their tickets are used or revoked by then (see
// fixtures.ts).
export default {
  testDir: ".",
  use: {
    baseURL: process.env.APP_URL ?? "http://localhost:5173",
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH,
      args: process.env.CHROMIUM_FLAGS?.split(" "),
    },
  },
};
