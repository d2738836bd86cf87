// Fakes for unit tests: a token as `create` returns it, and a `fetch` that answers as Clerk does, without a server.

export function fakeToken(overrides) {
  return {
    object: "sign_in_token",
    id: "sit_fake",
    userId: "user_fake",
    status: "pending",
    token: "fake_ticket",
    url: "https://clerk.example.com/v1/tickets/accept?ticket=fake_ticket",
    createdAt: 1767225600000,
    updatedAt: 1767225600000,
    ...overrides,
  };
}

export function fakeFetch(script = []) {
  script.forEach((step, index) => {
    if (!isStep(step)) {
      throw new TypeError(
        `script[${index}]: expected 200, 4xx, 5xx, "lost", "silent", a token or a function`,
      );
    }
  });
  const calls = [];
  const fetch = async (url, { body, signal }) => {
    const [, id] = url.match(/([^/]+)\/revoke$/) ?? [];
    const call = id
      ? { operation: "revoke", id: decodeURIComponent(id) }
      : { operation: "create", params: camelCase(await new Response(body).json()) };
    const step = script[calls.push(call) - 1];
    if (typeof step === "function") return step(call);
    if (step === "lost") throw new TypeError("fetch failed");
    if (step === "silent") {
      return new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    }
    if (isFailure(step)) return failure(step);
    return Response.json(wire(step?.object ? step : answerTo(call, calls.length)));
  };
  return Object.assign(fetch, { calls });
}

function isStep(step) {
  return (
    step === 200 ||
    isFailure(step) ||
    ["lost", "silent"].includes(step) ||
    typeof step === "function" ||
    step?.object === "sign_in_token"
  );
}

function isFailure(step) {
  return step >= 400 && step < 600;
}

function answerTo({ id, params }, count) {
  return id
    ? fakeToken({ id, status: "revoked", token: undefined, url: undefined })
    : fakeToken({ id: `sit_fake${count}`, userId: params.userId });
}

function failure(status) {
  const message = `fake ${status}`;
  return Response.json(
    { errors: [{ code: `fake_${status}`, message, long_message: message }] },
    { status, headers: status === 429 ? { "retry-after": "0" } : {} },
  );
}

function wire({ userId, createdAt, updatedAt, ...rest }) {
  return { ...rest, user_id: userId, created_at: createdAt, updated_at: updatedAt };
}

function camelCase({ user_id, org_id, expires_in_seconds }) {
  return { userId: user_id, orgId: org_id, expiresInSeconds: expires_in_seconds };
}
