// Uploads the chosen file as a stream, so that neither the browser nor the Worker holds all of it, and opens its run.
const form = /** @type {HTMLFormElement} */ (document.querySelector("#upload"));
const problem = /** @type {HTMLElement} */ (document.querySelector("#problem"));
const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (button.ariaBusy === "true") return;
  problem.textContent = "";
  button.ariaBusy = "true";
  button.textContent = "Uploading…";
  try {
    location.assign(`/runs/${await upload()}`);
  } catch (error) {
    problem.textContent = `The upload failed: ${/** @type {Error} */ (error).message}`;
    button.ariaBusy = "false";
    button.textContent = "Upload and start";
  }
});

async function upload() {
  const { file, expiresInSeconds } =
    /** @type {HTMLFormControlsCollection & { file: HTMLInputElement, expiresInSeconds: HTMLSelectElement }} */ (
      form.elements
    );
  const query = new URLSearchParams({ expiresInSeconds: expiresInSeconds.value });
  const response = await fetch(`/runs?${query}`, { method: "POST", body: file.files?.[0] });
  if (!response.ok) throw new Error(await response.text());
  const { id } = await response.json();
  return id;
}
