// Updates the figures of a run in place, and reloads the page when the state of the run changes.
const progress = document.querySelector("progress");
const { counts: url, phase } = progress.dataset;

setInterval(async () => {
  const response = await fetch(url).catch(() => undefined);
  if (!response?.ok) return;
  const counts = await response.json();
  if (counts.phase !== phase) return location.reload();
  progress.max = counts.total;
  progress.value = counts.done;
  for (const shown of document.querySelectorAll("[data-count]"))
    shown.textContent = counts[shown.dataset.count].toLocaleString("en");
}, 2000);
