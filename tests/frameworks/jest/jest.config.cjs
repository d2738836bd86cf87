// One project for each way in which Jest loads the package.
const typescript = { testMatch: ["**/typescript.spec.ts"] };

module.exports = {
  projects: [
    { displayName: "require", testMatch: ["**/require.spec.cjs"], transform: {} },
    {
      displayName: "jsdom",
      testMatch: ["**/require.spec.cjs"],
      transform: {},
      testEnvironment: "jest-fixed-jsdom",
    },
    {
      ...typescript,
      displayName: "babel-jest",
      transform: {
        "\\.ts$": ["babel-jest", { presets: ["@babel/preset-env", "@babel/preset-typescript"] }],
      },
    },
    { ...typescript, displayName: "ts-jest", preset: "ts-jest" },
    { ...typescript, displayName: "@swc/jest", transform: { "\\.ts$": "@swc/jest" } },
  ],
};
