// The part of Netlify's global that the example uses; @netlify/types needs a newer Node than this workspace.
declare const Netlify: { env: { get(name: string): string } };
