// Updates the figures of a run every two seconds, and reloads the page when the state of the run changes.
const progress = /** @type {HTMLProgressElement} */ (document.querySelector("progress"));
const { counts: url = "", phase } = progress.dataset;

setInterval(async () => {
  const response = await fetch(url).catch(() => undefined);
  if (!response?.ok) return;
  const counts = await response.json();
  if (counts.phase !== phase) return location.reload();
  progress.max = counts.total;
  progress.value = counts.done;
  /** @type {NodeListOf<HTMLElement>} */
  const figures = document.querySelectorAll("[data-count]");
  for (const figure of figures)
    figure.textContent = counts[figure.dataset.count ?? ""].toLocaleString("en");
}, 2000);
