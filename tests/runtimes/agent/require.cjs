// The agent in Node, loaded with require().
require("clerk-sign-in-tokens");
require("./node.js");
