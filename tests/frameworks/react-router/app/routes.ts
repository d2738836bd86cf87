import { route, type RouteConfig } from "@react-router/dev/routes";

export default [route("round-trip", "routes/round-trip.ts")] satisfies RouteConfig;
