// Traces and screenshots of failed tests would hold the ticket URL: they are off here.
export default {
  testDir: ".",
  use: {
    trace: "off",
    screenshot: "off",
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH,
      args: process.env.CHROMIUM_FLAGS?.split(" "),
    },
  },
};
