import { defineCloudflareConfig } from "@opennextjs/cloudflare";
// eslint-disable-next-line max-len -- a name
import incrementalCache from "@opennextjs/cloudflare/overrides/incremental-cache/kv-incremental-cache";

export default defineCloudflareConfig({ incrementalCache });
