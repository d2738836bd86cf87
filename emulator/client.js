// The tests' side of the emulator's control endpoint.
export class Control {
  constructor(url) {
    this.url = url;
  }

  /** Orders a fault; see faults.js for what it may be. */
  fault(fault) {
    return this.#post("faults", fault);
  }

  clearFaults() {
    return this.#post("faults/clear", {});
  }

  requests() {
    return this.#get("requests");
  }

  tokens() {
    return this.#get("tokens");
  }

  /** Lets `seconds` pass on the emulator. */
  advance(seconds) {
    return this.#post("clock", { advance: seconds });
  }

  setRateLimit(limit) {
    return this.#post("rate-limit", { limit });
  }

  setSignInLimit(limit) {
    return this.#post("sign-in-limit", { limit });
  }

  reset() {
    return this.#post("reset", {});
  }

  async #get(path) {
    return (await fetch(`${this.url}/__control/${path}`)).json();
  }

  async #post(path, body) {
    const response = await fetch(`${this.url}/__control/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`the emulator refused ${path}: ${response.status}`);
  }
}
